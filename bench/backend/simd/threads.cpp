// What a call shared out over threads costs: nothing to do, and some 20 us of work, alone and beside as many other
// programs that keep a core busy each. Wall time; compare the rows of one run.
#include <benchmark/benchmark.h>

#include <atomic>
#include <tessera/backend/simd/threads.hpp>
#include <thread>
#include <vector>

namespace {

using tessera::detail::simd::threads;

// stand for other programs
class spinners {
  public:
    explicit spinners(int n) {
        for (int i = 0; i < n; ++i)
            all_.emplace_back([this] {
                while (!over_.load(std::memory_order_relaxed)) {}
            });
    }
    ~spinners() {
        over_ = true;
        for (std::thread& one : all_) one.join();
    }

  private:
    std::atomic<bool> over_ = false;
    std::vector<std::thread> all_;
};

void meeting(benchmark::State& state) {
    const spinners beside(int(state.range(2)));
    threads::set_count(int(state.range(0)));
    const int rounds = int(state.range(1));  // of an item
    for (auto _ : state)
        threads::parallel(16, [&](int item) noexcept {
            float x = float(item);
            for (int i = 0; i < rounds; ++i) benchmark::DoNotOptimize(x = x * 0.5F + 1);
        });
    threads::set_count(1);
}

BENCHMARK(meeting)->UseRealTime()->ArgNames({"threads", "rounds", "beside"})->ArgsProduct({{1, 2}, {0, 500}, {0, 2}});

}  // namespace
