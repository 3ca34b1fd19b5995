// backend::scalar: plain loops, all constexpr. Runs inside static_assert and on a microcontroller: no heap, no
// exceptions, no run-time type information, the standard library's mathematics at most. The oracle of all others.
#pragma once
// the first to be included, so that a message of a call that runs while compiling has no list of headers before it
#include <tessera/error/contract.hpp>

#include <tessera/backend/scalar/execute.hpp>

namespace tessera::backend {

struct scalar {
    static constexpr std::string_view name = "scalar";
    static constexpr bool fuses = false;
    static constexpr bool uses_heap = false;  // a model's buffers are members of the model

    static constexpr bool has_kernel(detail::op) { return true; }  // its kernels are the reference implementations
    static constexpr bool takes_tail(const detail::graph_view&, const detail::node&) { return false; }
    static constexpr bool takes_prologue(const detail::graph_view&, const detail::node&) { return false; }
    static constexpr bool hands_over(detail::op) { return false; }
    static constexpr long workspace(const detail::graph_view& g, const detail::node& n, int capacity, int element_bytes,
                                    bool = false) {
        return detail::gather_operation::room(g, n, capacity) * element_bytes;
    }

    template <class Program, class T> static constexpr void run(const detail::memory<T>& m) noexcept {
        if constexpr (Program::computes_indices || Program::mixes_widths)
            if (std::is_constant_evaluated()) return run_while_compiling<Program>(with_constants<Program>(m));
        if constexpr (Program::mixes_widths)
            detail::scalar::run(detail::scalar::instructions_of<Program>, with_constants<Program>(m),
                                detail::in_other_width<Program>(with_constants<Program>(m)), detail::scalar::alone{});
        else
            detail::scalar::run(detail::scalar::instructions_of<Program>, with_constants<Program>(m),
                                detail::scalar::alone{});
    }

  private:
    // There, memory of real numbers holds no others.
    template <class Program, class T> static constexpr void run_while_compiling(detail::memory<T> m) noexcept {
        std::int32_t lines[Program::workspace_bytes] = {};  // one for each byte, so that each element has room
        m.index_workspace = lines;
        if constexpr (Program::mixes_widths) {
            using other = detail::other_real<T>;
            other numbers[Program::workspace_bytes / static_cast<long>(sizeof(other)) + 1] = {};
            auto o = detail::in_other_width<Program>(m);
            o.workspace = numbers;
            return detail::scalar::run(detail::scalar::instructions_of<Program>, m, o, detail::scalar::alone{});
        }
        detail::scalar::run(detail::scalar::instructions_of<Program>, m, detail::scalar::alone{});
    }
};

// the same with a model's buffers on the heap
struct scalar_on_heap : scalar {
    static constexpr bool uses_heap = true;
};

// the same for models that are static objects, which may be larger than a stack
struct scalar_static : scalar {
    using is_for_static_models = void;
};

}  // namespace tessera::backend
