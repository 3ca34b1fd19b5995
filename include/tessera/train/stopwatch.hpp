// stopwatch: the seconds since it was made, by a clock that nobody sets where the system has one. Not <chrono>, which
// takes long to compile.
#pragma once
#include <time.h>

namespace tessera {

class stopwatch {
  public:
    double seconds() const noexcept { return now() - start_; }

  private:
    static double now() noexcept {
        timespec t{};
#ifdef CLOCK_MONOTONIC
        ::clock_gettime(CLOCK_MONOTONIC, &t);
#else
        ::timespec_get(&t, TIME_UTC);
#endif
        return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
    }
    double start_ = now();
};

}  // namespace tessera
