// backend::scalar: plain loops, all constexpr. Runs inside static_assert and on a microcontroller: no heap, no
// exceptions, no run-time type information, the standard library's mathematics at most. The oracle of all others.
#pragma once
#include <tessera/backend/scalar/execute.hpp>

namespace tessera::backend {

struct scalar {
    static constexpr std::string_view name = "scalar";
    static constexpr bool fuses = false;
    static constexpr bool uses_heap = false;  // a model's buffers are members of the model

    static constexpr bool has_kernel(op) { return true; }  // its kernels are the reference implementations
    static constexpr bool takes_tail(const node&, const node* const*) { return false; }
    static constexpr bool takes_prologue(const node&, const node* const*) { return false; }
    static constexpr long workspace(const node&, const node* const*, int, int) { return 0; }

    template <class Program, class T> static constexpr void run(const memory<T>& m) noexcept {
        tessera::scalar::run(tessera::scalar::instructions_of<Program>, m, tessera::scalar::alone{});
    }
};

}  // namespace tessera::backend
