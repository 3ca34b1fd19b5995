// prepared_operand: an operand that calls have in common, put beforehand into the order in which a product reads it.
//
//   panels       of the operand whose columns lie along lanes, as pack_columns leaves them: B, or A where the product is
//                carried out as C' = B' A'
//   lines apart  the other operand, which is read in place, where its lines lie so that they fall into the same few sets
//                of L1: the same lines, another pitch
//
// The order depends on the operand's own extents and strides and on how C lies, not on the other operand's extents, so
// one copy serves calls of any number of samples.
#pragma once
#include <tessera/backend/simd/packing.hpp>

namespace tessera::detail::simd {

struct product_shape {
    int m = 0, n = 0, k = 0;
    std::ptrdiff_t a_row = 0, a_col = 1, b_row = 0, b_col = 1, c_row = 0, c_col = 1;
};

// Row-major operands without gaps.
constexpr product_shape dense_product(int m, int n, int k) { return {m, n, k, k, 1, n, 1, n, 1}; }

// What follows is inline always where kernels call it when running: its name carries no instruction set.

// C' = B' A'
[[gnu::always_inline]] constexpr product_shape turned(const product_shape& s) {
    return {s.n, s.m, s.k, s.b_col, s.b_row, s.a_col, s.a_row, s.c_col, s.c_row};
}
// whether it is carried out so: its rows, and not its columns, lie along lanes
[[gnu::always_inline]] constexpr bool is_turned(const product_shape& s) {
    return s.c_row == 1 && s.m > 1 && (s.n == 1 || s.c_col != 1);
}

enum class beforehand : signed char { nothing, panels_of_b, panels_of_a, lines_of_a, lines_of_b };

[[gnu::always_inline]] constexpr beforehand turned(beforehand form) {
    switch (form) {
        case beforehand::panels_of_a: return beforehand::panels_of_b;
        case beforehand::panels_of_b: return beforehand::panels_of_a;
        case beforehand::lines_of_a: return beforehand::lines_of_b;
        case beforehand::lines_of_b: return beforehand::lines_of_a;
        default: return form;
    }
}
[[gnu::always_inline]] constexpr bool is_of_second(beforehand form) {
    return form == beforehand::panels_of_b || form == beforehand::lines_of_b;
}

// elements from one line of a copy to the next, so that lines do not share their sets of L1
template <class T> [[gnu::always_inline]] constexpr std::ptrdiff_t pitch_apart(std::ptrdiff_t length) {
    const std::ptrdiff_t pitch = length + packing_gap<T>;
    return pitch * std::ptrdiff_t(sizeof(T)) % 2048 == 0 ? pitch + packing_gap<T> : pitch;
}
// whether A is better copied before it is read, where C has columns enough
template <class T> [[gnu::always_inline]] constexpr bool has_close_lines(const product_shape& s) {
    const std::ptrdiff_t pitch = (s.a_col == 1 ? s.a_row : s.a_col) * std::ptrdiff_t(sizeof(T));
    return (s.a_col == 1 || s.a_row == 1) && pitch % 2048 == 0 && pitch != 0 && s.m >= 16 &&
           s.k > int(1024 / sizeof(T));
}

// What to make of A, or of B if `second`, of a product whose other operand and result may grow with the samples.
template <class T> constexpr beforehand form_of_prepared(const product_shape& s, bool second) {
    if (is_turned(s)) return turned(form_of_prepared<T>(turned(s), !second));
    if (second) return s.n > 1 ? beforehand::panels_of_b : beforehand::nothing;
    return has_close_lines<T>(s) ? beforehand::lines_of_a : beforehand::nothing;
}

template <class Arch, class T> constexpr std::size_t prepared_bytes(const product_shape& s, beforehand form) {
    switch (form) {
        case beforehand::panels_of_b: return packed_columns_bytes<Arch, T>(s.k, s.n);
        case beforehand::lines_of_a: {
            const std::ptrdiff_t lines = s.a_col == 1 ? s.m : s.k, length = s.a_col == 1 ? s.k : s.m;
            return padded(std::size_t(lines * pitch_apart<T>(length)) * sizeof(T));
        }
        case beforehand::nothing: return 0;
        default: return prepared_bytes<Arch, T>(turned(s), turned(form));
    }
}

// x: the operand that the form is of
template <class Arch, class T>
void prepare_operand(const product_shape& s, beforehand form, const T* x, T* to) noexcept {
    switch (form) {
        case beforehand::panels_of_b: return pack_columns<Arch>(to, x, s.k, s.n, s.b_row, s.b_col);
        case beforehand::lines_of_a: {
            const bool rows = s.a_col == 1;
            const int lines = rows ? s.m : s.k, length = rows ? s.k : s.m;
            return copy_rows<Arch>(to, pitch_apart<T>(length), x, rows ? s.a_row : s.a_col, lines, length);
        }
        case beforehand::nothing: return;
        default: return prepare_operand<Arch>(turned(s), turned(form), x, to);
    }
}

// one that was prepared, as calls find it
template <class T> struct prepared_operand {
    const T* at = nullptr;
    beforehand form = beforehand::nothing;
};

}  // namespace tessera::detail::simd
