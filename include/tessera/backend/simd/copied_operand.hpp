// copied_operand: an operand that a kernel copies to where it reads it: from memory, or computed in the copy's place.
//
//   copy(to, pitch, rows, stride, columns)     to[r pitch + c] = x[r stride + c]
//   x + by                                     the operand from another element on
//
// What is computed is a function of the place alone; any thread may ask for any part of it.
#pragma once
#include <cstddef>
#include <cstring>
#include <tessera/backend/instruction_set.hpp>
#include <type_traits>

namespace tessera::detail::simd {

// The instruction set is there for the names, as in shifted_tail_for.
template <class T, class InstructionSet = instruction_set::native> struct copied_operand {
    using function = void (*)(const void* context, std::ptrdiff_t offset, int rows, std::ptrdiff_t stride, int columns,
                              T* to, std::ptrdiff_t pitch) noexcept;

    const T* at = nullptr;  // in memory
    function compute = nullptr;
    const void* context = nullptr;
    std::ptrdiff_t offset = 0;  // of the first element, where it is computed

    copied_operand(const T* memory) noexcept : at(memory) {}
    copied_operand(function f, const void* of) noexcept : compute(f), context(of) {}

    bool computed() const noexcept { return compute != nullptr; }
    copied_operand operator+(std::ptrdiff_t by) const noexcept {
        copied_operand moved = *this;
        if (computed())
            moved.offset += by;
        else
            moved.at += by;
        return moved;
    }
    void copy(T* to, std::ptrdiff_t pitch, int rows, std::ptrdiff_t stride, int columns) const noexcept {
        if (computed()) return compute(context, offset, rows, stride, columns, to, pitch);
        if (columns == stride && columns == pitch)
            std::memcpy(to, at, std::size_t(rows) * std::size_t(columns) * sizeof(T));
        else
            for (int r = 0; r < rows; ++r)
                std::memcpy(to + r * pitch, at + r * stride, std::size_t(columns) * sizeof(T));
    }
};

}  // namespace tessera::detail::simd
