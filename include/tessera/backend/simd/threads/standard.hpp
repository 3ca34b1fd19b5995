// The system's threads where there is no pthread.h: what posix.hpp has, on the standard library.
#pragma once
#if !__has_include(<pthread.h>)
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>

namespace tessera::detail::simd {

using std::mutex;

class condition {
  public:
    void wait(mutex& m) noexcept {
        std::unique_lock hold(m, std::adopt_lock);
        condition_.wait(hold);
        hold.release();  // the caller's again
    }
    void notify_all() noexcept { condition_.notify_all(); }

  private:
    std::condition_variable condition_;
};

class thread {
  public:
    using function = void (*)(void* context) noexcept;

    [[nodiscard]] bool start(function work, void* context) noexcept {
        try {
            thread_ = std::thread(work, context);
            return true;
        } catch (const std::system_error&) {
            return false;
        }
    }
    void join() noexcept { thread_.join(); }

  private:
    std::thread thread_;
};

// there is no fork()
inline int at_fork(void (*)()) noexcept { return 0; }

}  // namespace tessera::detail::simd
#endif
