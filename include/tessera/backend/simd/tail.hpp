// tail: a pointwise computation that a kernel runs on every finished tile of its outputs while the tile is in L1.
//
// run(context, offset, rows, stride, columns) covers base[offset + r stride + c] for r < rows, c < columns, base being
// the kernel's output pointer. Every output element is passed exactly once, after its last value has been written;
// tiles come in any order and from any thread. A null run does nothing.
//
// of(results, offset, columns) is for a kernel that hands its results over, finished, where they are: its output may have
// no memory.
#pragma once
#include <cstddef>
#include <tessera/backend/instruction_set.hpp>

namespace tessera::detail::simd {

struct tail {
    void (*run)(const void* context, std::ptrdiff_t offset, int rows, std::ptrdiff_t stride,
                int columns) noexcept = nullptr;
    const void* context = nullptr;
    void (*run_of)(const void* context, const void* results, std::ptrdiff_t offset, int columns) noexcept = nullptr;

    void of(const void* results, std::ptrdiff_t offset, int columns) const noexcept {
        if (run_of != nullptr) run_of(context, results, offset, columns);
    }
    void operator()(std::ptrdiff_t offset, int rows, std::ptrdiff_t stride, int columns) const noexcept {
        if (run != nullptr) run(context, offset, rows, stride, columns);
    }
};

// A tail for a part of the output that starts `by` elements after its base. A template so that units compiled for
// different instruction sets never share its code.
template <class InstructionSet> struct shifted_tail_for {
    tail whole;
    std::ptrdiff_t by = 0;

    tail get() const noexcept { return whole.run == nullptr ? tail{} : tail{&forward, this}; }

  private:
    static void forward(const void* context, std::ptrdiff_t offset, int rows, std::ptrdiff_t stride,
                        int columns) noexcept {
        const auto& self = *static_cast<const shifted_tail_for*>(context);
        self.whole.run(self.whole.context, offset + self.by, rows, stride, columns);
    }
};
using shifted_tail = shifted_tail_for<instruction_set::native>;

}  // namespace tessera::detail::simd
