// one_call: what a call of a model or trainer holds while it runs. A second one at the same time, from another thread
// or from within, would write over its intermediate values: it stops the program with a message.
//
// An atomic exchange, a few ns; nothing where a processor has none for a byte, and nothing while compiling.
#pragma once
#include <tessera/error/contract.hpp>
#include <type_traits>

namespace tessera::detail {

// whether a call runs on an object; of a copy, none does
class call_flag {
  public:
    constexpr call_flag() = default;
    constexpr call_flag(const call_flag&) noexcept {}
    constexpr call_flag& operator=(const call_flag&) noexcept { return *this; }

  private:
    friend class one_call;
    bool running_ = false;
};

class one_call {
  public:
    constexpr one_call(call_flag& flag, const char* place) noexcept : flag_(flag) {
        if constexpr (checks)
            if (!std::is_constant_evaluated())
                require(!__atomic_exchange_n(&flag_.running_, true, __ATOMIC_ACQUIRE), place, "one call at a time", 2);
    }
    constexpr ~one_call() {
        if constexpr (checks)
            if (!std::is_constant_evaluated()) __atomic_store_n(&flag_.running_, false, __ATOMIC_RELEASE);
    }
    one_call(const one_call&) = delete;
    one_call& operator=(const one_call&) = delete;

  private:
    static constexpr bool checks = __atomic_always_lock_free(sizeof(bool), nullptr);

    call_flag& flag_;
};

}  // namespace tessera::detail
