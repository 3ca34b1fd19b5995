// threads: the process's pool of worker threads.
//
//   threads::set_count(n)        n threads, the caller included; starts at 1, which is serial. Waits for running work.
//   threads::count()
//   threads::useful(shares)      of so many shares, how many to use, each with a scratch
//   threads::parallel(items, f)  f(item) for 0 <= item < items, f noexcept; returns when all are done
//
// Items are split into contiguous shares, one a thread, of a few portions each. A thread takes the portions of its own
// share first, then what is left of the others': the caller waits for items that have begun, not for a thread that has
// yet to come, so another program on one of the cores holds up little. Which thread runs an item is not determined.
//
// Any thread may call. A call from an item that runs in parallel, or while another thread is using the pool, runs
// serially. Only set_count allocates; where the system starts no more threads it throws tessera::error and keeps those
// that there are. Idle workers spin for some microseconds, then sleep. A child of fork() has a pool of its own, of as
// many threads, which start with its first call; where they cannot, it runs serially. OpenMP is not used even where it
// is on.
#pragma once
#include <cstdint>
#include <new>
#include <tessera/backend/simd/threads/atomic_number.hpp>
#include <tessera/backend/simd/threads/posix.hpp>
#include <tessera/backend/simd/threads/standard.hpp>
#include <tessera/error/error.hpp>

namespace tessera::detail::simd {

// holds a mutex as long as it lives
class hold {
  public:
    explicit hold(mutex& m) noexcept : mutex_(m) { mutex_.lock(); }
    ~hold() { mutex_.unlock(); }
    hold(const hold&) = delete;
    hold& operator=(const hold&) = delete;

  private:
    mutex& mutex_;
};

// A number that threads wait for. Not std::atomic::wait, which yields before it sleeps: beside another program on the
// same core that costs a whole slice of its time.
class awaited_number {
  public:
    void store(int n) noexcept { number_.store(n, relaxed); }
    int load() const noexcept { return number_.load(acquire); }
    // the number before; wakes those who wait where `wakes` says so of it
    template <class Predicate> int add(int n, Predicate wakes) noexcept {
        const int before = number_.add(n);
        if (wakes(before) && sleepers_.load() > 0) {
            {
                const hold until_it_sleeps(mutex_);
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
        const hold asleep(mutex_);
        sleepers_.add(1);
        while (!pleases(number_.load())) changed_.wait(mutex_);
        sleepers_.add(-1);
    }

  private:
    static constexpr int spins = 1000;  // some 10 to 40 us, about what waking takes

    alignas(64) atomic_number<int> number_;
    atomic_number<int> sleepers_;
    mutex mutex_;
    condition changed_;
};

class threads {
  public:
    static void set_count(int n) {
        threads& pool = instance();
        const hold owned(pool.owner_);
        pool.stop();
        if (!pool.start(n < 1 ? 1 : n))
            throw error("threads::set_count", std::to_string(n) + " threads", std::to_string(count()) + " that start");
    }

    static int count() noexcept { return instance().count_.load(relaxed); }

    // No more than all threads take portions of: few scratches stay in the caches. What is computed must not depend on
    // it, as it does on the number of partial results.
    static int useful(int shares) noexcept {
        const int n = count();
        return n == 1 ? (shares < 1 ? shares : 1) : shares / most_portions < n ? shares : n * most_portions;
    }

    template <class Function> static void parallel(int items, const Function& f) noexcept {
        run(items, run_items<Function>, &f);
    }

    threads(const threads&) = delete;
    threads& operator=(const threads&) = delete;

  private:
    static constexpr int most_portions = 8;  // of a share

    template <class Function> static void run_items(const void* context, int first, int last) noexcept {
        for (int item = first; item < last; ++item) (*static_cast<const Function*>(context))(item);
    }

    // items [first, last) of a call
    using range = void (*)(const void* context, int first, int last) noexcept;

    // One thread, the caller's first. left: the portions of its share that nobody has taken, plus 256 times the number
    // of the call: so a thread that comes late takes nothing of a call that it does not know.
    struct alignas(64) member {
        atomic_number<std::uint64_t> left;
        int id = 0, all = 0;
        thread worker;
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

    // false where the system starts less than n
    [[gnu::cold]] bool start(int n) {
        if (n > 1) follow_forks();
        members_ = new member[static_cast<std::size_t>(n)];
        for (int id = 1; id < n; ++id) {
            members_[id].id = id;
            members_[id].all = n;
            if (!members_[id].worker.start(serve, &members_[id])) return false;
            started_ = id;
            count_.store(id + 1, relaxed);
        }
        return true;
    }

    [[gnu::cold]] void stop() noexcept {
        stopping_.store(true, relaxed);
        announce();
        for (int id = 1; id <= started_; ++id) members_[id].worker.join();
        delete[] members_;
        members_ = nullptr;
        started_ = 0;
        stopping_.store(false, relaxed);
        count_.store(1, relaxed);
    }

    // A child has no thread but the one that called fork(): nothing of the pool can be waited for, or be given back.
    [[gnu::cold]] static void follow_forks() noexcept {
        static const int registered = at_fork([] {
            threads& pool = instance();
            const int n = pool.count_.load(relaxed);
            ::new (static_cast<void*>(&pool)) threads;
            pool.count_.store(n, relaxed);
        });
        static_cast<void>(registered);
    }
    [[gnu::cold]] void start_in_child() noexcept {
        try {
            start(count_.load(relaxed));
        } catch (const std::bad_alloc&) {}
        count_.store(started_ + 1, relaxed);
    }

    // once a unit, not once a caller
    [[gnu::noinline]] static void run(int items, range work, const void* context) noexcept {
        if (items < 1) return;
        if (items > 1 && !busy()) {
            threads& pool = instance();
            if (pool.count_.load(relaxed) > 1 && pool.owner_.try_lock()) {
                pool.share_out(items, work, context);
                return pool.owner_.unlock();
            }
        }
        work(context, 0, items);
    }

    void share_out(int items, range work, const void* context) noexcept {
        if (started_ == 0) start_in_child();
        if (started_ == 0) return work(context, 0, items);
        const int all = started_ + 1;
        work_ = work;
        context_ = context;
        items_ = items;
        sharers_ = items < all ? items : all;
        int handed_out = 0;
        for (int id = 0; id < sharers_; ++id) handed_out += portions_of(id);
        pending_.store(handed_out);
        ++call_;
        for (int id = 0; id < sharers_; ++id)
            members_[id].left.store(call_ << 8 | static_cast<std::uint64_t>(portions_of(id)), release);
        announce();
        finish(take_part(0, all));
        pending_.await([](int n) { return n == 0; });
    }

    // what a worker does; context is its member
    static void serve(void* context) noexcept {
        const member& self = *static_cast<const member*>(context);
        threads& pool = instance();
        for (;;) {
            const int seen = pool.calls_.load();
            if (pool.stopping_.load(relaxed)) return;
            pool.finish(pool.take_part(self.id, self.all));
            pool.calls_.await([seen](int now) { return now != seen; });
        }
    }

    // runs what is left, own share first; how many portions that was
    [[gnu::noinline]] int take_part(int id, int all) noexcept {
        int taken = 0;
        busy() = true;
        for (int k = 0; k < all; ++k) {
            const int whose = id + k < all ? id + k : id + k - all;
            atomic_number<std::uint64_t>& left = members_[whose].left;
            std::uint64_t now = left.load(relaxed);
            while ((now & 255) != 0) {
                if (!left.exchange_if(now, now - 1)) continue;
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

    int first_of(int id) const noexcept { return static_cast<int>(std::int64_t{items_} * id / sharers_); }
    int portions_of(int id) const noexcept {
        const int size = first_of(id + 1) - first_of(id);
        return size < most_portions ? size : most_portions;
    }

    mutex owner_;
    member* members_ = nullptr;
    int started_ = 0;  // workers
    atomic_number<int> count_ = 1;
    atomic_number<bool> stopping_ = false;
    std::uint64_t call_ = 0;
    range work_ = nullptr;
    const void* context_ = nullptr;
    int items_ = 0, sharers_ = 1;
    awaited_number calls_, pending_;  // so far; portions that are not finished
};

}  // namespace tessera::detail::simd
