// The system's threads on POSIX: thread, mutex and condition are what is used of pthread.h. <thread>, <mutex> and
// <condition_variable> say the same with clocks, streams and shared pointers, a fifth of the umbrella's compile time.
//
//   thread       start(work, context) runs work(context), false where the system refuses; join() waits for its end
//   mutex        lock(), try_lock(), unlock()
//   condition    wait(mutex) unlocks, sleeps, locks, and may return without a reason; notify_all()
//   at_fork(f)   f() in a child of fork(), before fork() returns there; 0, or why not
//
// None can be copied or moved. Nothing has to be given back: their destructors do nothing.
#pragma once
#if __has_include(<pthread.h>)
#include <pthread.h>

namespace tessera::detail::simd {

class mutex {
  public:
    mutex() = default;
    mutex(const mutex&) = delete;
    mutex& operator=(const mutex&) = delete;

    void lock() noexcept { pthread_mutex_lock(&mutex_); }
    bool try_lock() noexcept { return pthread_mutex_trylock(&mutex_) == 0; }
    void unlock() noexcept { pthread_mutex_unlock(&mutex_); }

  private:
    friend class condition;
    pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
};

class condition {
  public:
    condition() = default;
    condition(const condition&) = delete;
    condition& operator=(const condition&) = delete;

    void wait(mutex& m) noexcept { pthread_cond_wait(&condition_, &m.mutex_); }
    void notify_all() noexcept { pthread_cond_broadcast(&condition_); }

  private:
    pthread_cond_t condition_ = PTHREAD_COND_INITIALIZER;
};

class thread {
  public:
    using function = void (*)(void* context) noexcept;

    thread() = default;
    thread(const thread&) = delete;
    thread& operator=(const thread&) = delete;

    [[nodiscard]] bool start(function work, void* context) noexcept {
        work_ = work;
        context_ = context;
        return pthread_create(&handle_, nullptr, run, this) == 0;
    }
    void join() noexcept { pthread_join(handle_, nullptr); }

  private:
    static void* run(void* self) noexcept {
        static_cast<thread*>(self)->work_(static_cast<thread*>(self)->context_);
        return nullptr;
    }

    pthread_t handle_{};
    function work_ = nullptr;
    void* context_ = nullptr;
};

inline int at_fork(void (*child)()) noexcept { return pthread_atfork(nullptr, nullptr, child); }

}  // namespace tessera::detail::simd
#endif
