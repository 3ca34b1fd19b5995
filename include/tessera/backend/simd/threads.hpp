// threads: the process's pool of worker threads.
//
//   threads::set_count(n)        n threads, the caller included; starts at 1, which is serial. Waits for running work.
//   threads::count()
//   threads::parallel(items, f)  f(item) for 0 <= item < items, f noexcept; returns when all are done
//
// Items are split into contiguous shares, one a thread, of a few portions each. A thread takes the portions of its own
// share first, then what is left of the others': the caller waits for items that have begun, not for a thread that has
// yet to come, so another program on one of the cores holds up little. Which thread runs an item is not determined.
//
// Any thread may call. A call from an item that runs in parallel, or while another thread is using the pool, runs
// serially. Only set_count allocates (and may throw std::system_error); idle workers spin for some microseconds, then
// sleep. A child of fork() has a pool of its own, of as many threads, which start with its first call; where they
// cannot, it runs serially. OpenMP is not used even where it is on.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <thread>
#include <vector>
#if __has_include(<pthread.h>)
#include <pthread.h>
#endif

namespace tessera::detail::simd {

// A number that threads wait for. Not std::atomic::wait, which yields before it sleeps: beside another program on the
// same core that costs a whole slice of its time.
class awaited_number {
  public:
    void store(int n) noexcept { number_.store(n, std::memory_order_relaxed); }
    int load() const noexcept { return number_.load(std::memory_order_acquire); }
    // the number before; wakes those who wait where `wakes` says so of it
    template <class Predicate> int add(int n, Predicate wakes) noexcept {
        const int before = number_.fetch_add(n);
        if (wakes(before) && sleepers_.load() > 0) {
            {
                const std::lock_guard hold(mutex_);
            }
            changed_.notify_all();
        }
        return before;
    }
    // spins, then sleeps, until the number pleases
    template <class Predicate> void await(Predicate pleases) noexcept {
        for (int spin = 0; spin < spins; ++spin) {
            if (pleases(load())) return;
#if defined(__x86_64__) || defined(__i386__)
            __builtin_ia32_pause();
#endif
        }
        std::unique_lock hold(mutex_);
        ++sleepers_;
        changed_.wait(hold, [&] { return pleases(number_.load()); });
        --sleepers_;
    }

  private:
    static constexpr int spins = 1000;  // some 10 to 40 us, about what waking takes

    alignas(64) std::atomic<int> number_ = 0;
    std::atomic<int> sleepers_ = 0;
    std::mutex mutex_;
    std::condition_variable changed_;
};

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
    static constexpr int most_portions = 8;  // of a share

    // items [first, last) of a call
    using range = void (*)(const void* context, int first, int last) noexcept;

    // The portions of a thread's share that nobody has taken, plus 256 times the number of the call: so a thread that
    // comes late takes nothing of a call that it does not know.
    struct alignas(64) share {
        std::atomic<std::uint64_t> left = 0;
    };

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
        if (n > 1) follow_forks();
        shares_ = std::make_unique<share[]>(static_cast<std::size_t>(n));
        workers_.reserve(static_cast<std::size_t>(n - 1));
        for (int id = 1; id < n; ++id) {
            workers_.emplace_back([this, id, n] { serve(id, n); });
            count_.store(id + 1, std::memory_order_relaxed);
        }
    }

    void stop() {
        stopping_.store(true, std::memory_order_relaxed);
        announce();
        for (std::thread& worker : workers_) worker.join();
        workers_.clear();
        stopping_.store(false, std::memory_order_relaxed);
        count_.store(1, std::memory_order_relaxed);
    }

    // A child has no thread but the one that called fork(): nothing of the pool can be waited for, or be given back.
    static void follow_forks() noexcept {
#if __has_include(<pthread.h>)
        static const int registered = pthread_atfork(nullptr, nullptr, [] {
            threads& pool = instance();
            const int n = pool.count_.load(std::memory_order_relaxed);
            ::new (static_cast<void*>(&pool)) threads;
            pool.count_.store(n, std::memory_order_relaxed);
        });
        static_cast<void>(registered);
#endif
    }
    void start_in_child() noexcept {
        try {
            start(count_.load(std::memory_order_relaxed));
        } catch (const std::exception&) {
            count_.store(static_cast<int>(workers_.size()) + 1, std::memory_order_relaxed);
        }
    }

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
        if (workers_.empty()) start_in_child();
        if (workers_.empty()) return work(context, 0, items);
        const int all = static_cast<int>(workers_.size()) + 1;
        work_ = work;
        context_ = context;
        items_ = items;
        sharers_ = items < all ? items : all;
        int handed_out = 0;
        for (int id = 0; id < sharers_; ++id) handed_out += portions_of(id);
        pending_.store(handed_out);
        ++call_;
        for (int id = 0; id < sharers_; ++id)
            left_of(id).store(call_ << 8 | static_cast<std::uint64_t>(portions_of(id)), std::memory_order_release);
        announce();
        finish(take_part(0, all));
        pending_.await([](int n) { return n == 0; });
    }

    void serve(int id, int all) noexcept {
        for (;;) {
            const int seen = calls_.load();
            if (stopping_.load(std::memory_order_relaxed)) return;
            finish(take_part(id, all));
            calls_.await([seen](int now) { return now != seen; });
        }
    }

    // runs what is left, own share first; how many portions that was
    int take_part(int id, int all) noexcept {
        int taken = 0;
        busy() = true;
        for (int k = 0; k < all; ++k) {
            const int whose = id + k < all ? id + k : id + k - all;
            std::atomic<std::uint64_t>& left = left_of(whose);
            std::uint64_t now = left.load(std::memory_order_relaxed);
            while ((now & 255) != 0) {
                if (!left.compare_exchange_weak(now, now - 1, std::memory_order_acquire, std::memory_order_relaxed))
                    continue;
                run_portion(whose, static_cast<int>(now & 255));
                ++taken;
                --now;
            }
        }
        busy() = false;
        return taken;
    }

    // the one taken when so many were left; the call cannot end before it is finished
    void run_portion(int whose, int left) const noexcept {
        const int first = first_of(whose), n = portions_of(whose);
        const std::int64_t size = first_of(whose + 1) - first;
        const auto cut = [&](int portion) { return first + static_cast<int>(size * portion / n); };
        work_(context_, cut(n - left), cut(n - left + 1));
    }

    void finish(int taken) noexcept {
        if (taken > 0) pending_.add(-taken, [taken](int before) { return before == taken; });
    }
    void announce() noexcept {
        calls_.add(1, [](int) { return true; });
    }

    std::atomic<std::uint64_t>& left_of(int id) noexcept { return shares_[static_cast<std::size_t>(id)].left; }
    int first_of(int id) const noexcept { return static_cast<int>(std::int64_t{items_} * id / sharers_); }
    int portions_of(int id) const noexcept {
        const int size = first_of(id + 1) - first_of(id);
        return size < most_portions ? size : most_portions;
    }

    std::mutex owner_;
    std::vector<std::thread> workers_;
    std::unique_ptr<share[]> shares_;  // of each thread, the caller's first
    std::atomic<int> count_ = 1;
    std::atomic<bool> stopping_ = false;
    std::uint64_t call_ = 0;
    range work_ = nullptr;
    const void* context_ = nullptr;
    int items_ = 0, sharers_ = 1;
    awaited_number calls_, pending_;  // so far; portions that are not finished
};

}  // namespace tessera::detail::simd
