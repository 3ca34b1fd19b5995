// atomic_number<T>: an integer, or truth, that threads read and write at once.
//
// On the compilers' own functions, which std::atomic is made of too: <atomic> brings waiting, clocks and mutexes with
// it, a tenth of what the umbrella header costs to compile. The orders are those of std::memory_order.
#pragma once

namespace tessera::detail::simd {

enum order : int {
    relaxed = __ATOMIC_RELAXED,
    acquire = __ATOMIC_ACQUIRE,
    release = __ATOMIC_RELEASE,
    sequential = __ATOMIC_SEQ_CST
};

template <class T> class atomic_number {
  public:
    constexpr atomic_number(T value = {}) noexcept : value_(value) {}
    atomic_number(const atomic_number&) = delete;
    atomic_number& operator=(const atomic_number&) = delete;

    T load(order o = sequential) const noexcept { return __atomic_load_n(&value_, o); }
    void store(T value, order o = sequential) noexcept { __atomic_store_n(&value_, value, o); }
    // the number before
    T add(T n) noexcept { return __atomic_fetch_add(&value_, n, sequential); }
    // wanted, where the number is `seen`; else seen becomes the number. May fail without a reason.
    bool exchange_if(T& seen, T wanted) noexcept {
        return __atomic_compare_exchange_n(&value_, &seen, wanted, true, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
    }

  private:
    T value_;
};

}  // namespace tessera::detail::simd
