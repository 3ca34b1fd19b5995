// threads: the process's pool of worker threads.
//
//   threads::set_count(n)        n threads, the caller included; starts at 1, which is serial. Waits for running work.
//   threads::count()
//   threads::parallel(items, f)  f(item) for 0 <= item < items, f noexcept; returns when all are done
//
// Items are split into count() contiguous ranges, the same ones at every call; the caller takes the first. A call from
// an item that runs in parallel, or while another thread is using the pool, runs serially. Only set_count allocates
// (and may throw std::system_error); idle workers spin for some microseconds, then sleep. OpenMP is not used even where
// it is on.
#pragma once
#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace tessera::simd {

class threads {
  public:
    static void set_count(int n) {
        threads& pool = instance();
        const std::lock_guard hold(pool.owner_);
        pool.stop();
        pool.start(n < 1 ? 1 : n);
    }

    static int count() noexcept { return instance().count_.load(std::memory_order_relaxed); }

    template <class Function> static void parallel(int items, const Function& f) noexcept {
        run(
            items,
            [](const void* context, int first, int last) noexcept {
                for (int item = first; item < last; ++item) (*static_cast<const Function*>(context))(item);
            },
            &f);
    }

    threads(const threads&) = delete;
    threads& operator=(const threads&) = delete;

  private:
    static constexpr int spins = 4000;  // some 10 us, the time that a sleeping worker needs to wake

    threads() = default;
    ~threads() { stop(); }

    static threads& instance() noexcept {
        static threads pool;
        return pool;
    }

    // true on a thread that is executing an item
    static bool& busy() noexcept {
        static thread_local bool value = false;
        return value;
    }

    void start(int n) {
        workers_.reserve(static_cast<std::size_t>(n - 1));
        for (int id = 1; id < n; ++id) {
            workers_.emplace_back([this, id, seen = epoch_.load()] { serve(id, seen); });
            count_.store(id + 1, std::memory_order_relaxed);
        }
    }

    void stop() {
        if (workers_.empty()) return;
        work_ = nullptr;
        epoch_.fetch_add(1, std::memory_order_release);
        epoch_.notify_all();
        for (std::thread& worker : workers_) worker.join();
        workers_.clear();
        count_.store(1, std::memory_order_relaxed);
    }

    // items [first, last) of a call
    using range = void (*)(const void* context, int first, int last) noexcept;

    static void run(int items, range work, const void* context) noexcept {
        if (items < 1) return;
        if (items > 1 && !busy()) {
            threads& pool = instance();
            if (pool.count_.load(std::memory_order_relaxed) > 1) {
                const std::unique_lock hold(pool.owner_, std::try_to_lock);
                if (hold.owns_lock()) return pool.share_out(items, work, context);
            }
        }
        work(context, 0, items);
    }

    void share_out(int items, range work, const void* context) noexcept {
        work_ = work;
        context_ = context;
        items_ = items;
        pending_.store(static_cast<std::int32_t>(workers_.size()), std::memory_order_relaxed);
        epoch_.fetch_add(1, std::memory_order_release);
        epoch_.notify_all();
        share(0);
        await(pending_, [](std::int32_t left) { return left == 0; });
    }

    void serve(int id, std::int32_t seen) noexcept {
        for (;;) {
            seen = await(epoch_, [seen](std::int32_t now) { return now != seen; });
            if (work_ == nullptr) return;
            share(id);
            if (pending_.fetch_sub(1, std::memory_order_acq_rel) == 1) pending_.notify_one();
        }
    }

    void share(int id) noexcept {
        const std::int64_t all = count_.load(std::memory_order_relaxed), items = items_;
        busy() = true;
        work_(context_, static_cast<int>(items * id / all), static_cast<int>(items * (id + 1) / all));
        busy() = false;
    }

    // spins, then sleeps, until the value pleases; returns it
    template <class Predicate> static std::int32_t await(std::atomic<std::int32_t>& value, Predicate pleases) noexcept {
        std::int32_t now = value.load(std::memory_order_acquire);
        for (int spin = 0; spin < spins && !pleases(now); ++spin) {
#if defined(__x86_64__) || defined(__i386__)
            __builtin_ia32_pause();
#endif
            now = value.load(std::memory_order_acquire);
        }
        while (!pleases(now)) {
            value.wait(now, std::memory_order_acquire);
            now = value.load(std::memory_order_acquire);
        }
        return now;
    }

    std::mutex owner_;
    std::vector<std::thread> workers_;
    std::atomic<int> count_ = 1;
    range work_ = nullptr;
    const void* context_ = nullptr;
    int items_ = 0;
    alignas(64) std::atomic<std::int32_t> epoch_ = 0;
    alignas(64) std::atomic<std::int32_t> pending_ = 0;
};

}  // namespace tessera::simd
