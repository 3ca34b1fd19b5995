// What a trainer does to all parameters after a pass: norm, optimiser, average. One thread and all threads of the
// machine in turns, in one benchmark: `ratio` is the time of one thread over that of all.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/adam.hpp>
#include <tessera/train/trainer.hpp>
#include <thread>

namespace {

using namespace tessera;
using pool = tessera::detail::simd::threads;

template <int Size> struct net : network<dense<Size>, shape<Size>> {};

template <int Size> void update(benchmark::State& state) {
    using tested = model<net<Size>>;
    const auto m = std::make_unique<tested>(1);
    const auto t = std::make_unique<trainer<tested, squared_error, adam>>(
        *m, adam{}, trainer_options{.clip_norm = 0.1, .average_decay = 0.99});
    const std::vector<float> x(Size, 0.5f), y(Size, 0.25f);
    t->compute(x, y);
    const std::vector<float> gradients(t->gradients().begin(), t->gradients().end());
    const int all = static_cast<int>(std::thread::hardware_concurrency());
    const auto seconds = [&](int threads) {
        pool::set_count(threads);
        double least = 1e9;
        for (int k = 0; k < 5; ++k) {
            std::ranges::copy(gradients, t->gradients().begin());
            const auto start = std::chrono::steady_clock::now();
            t->apply(1e-6);
            least = std::min(least, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
        }
        return least;
    };
    double of_one = 1e9, of_all = 1e9;  // the least: other programs only add to it
    for (auto _ : state) {
        of_one = std::min(of_one, seconds(1));
        const double now = seconds(all);
        of_all = std::min(of_all, now);
        state.SetIterationTime(now);
    }
    pool::set_count(1);
    state.counters["threads"] = all;
    state.counters["us_one"] = 1e6 * of_one;
    state.counters["us_all"] = 1e6 * of_all;
    state.counters["ratio"] = of_one / of_all;
}

BENCHMARK(update<64>)->UseManualTime()->Iterations(50);
BENCHMARK(update<256>)->UseManualTime()->Iterations(50);
BENCHMARK(update<384>)->UseManualTime()->Iterations(50);
BENCHMARK(update<1024>)->UseManualTime()->Iterations(50);
BENCHMARK(update<3000>)->UseManualTime()->Iterations(20);

}  // namespace

BENCHMARK_MAIN();
