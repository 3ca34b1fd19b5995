// product_rule: which contractions have a fixed kernel, and how it walks over them: C = A B with the columns of C along
// lanes, or each element of C a sum along lanes, for each index of up to two further axes.
#pragma once
#include <tessera/backend/simd/anchor/einsum.hpp>
#include <tessera/backend/simd/fixed/limits.hpp>

namespace tessera::detail::simd {

struct fixed_contraction {
    static constexpr int most_loops = 2;

    fixed_form form = fixed_form::none;
    product_shape shape;
    bool exchanged = false;  // A and B
    int loops = 0;
    int extent[most_loops] = {};
    std::ptrdiff_t a[most_loops] = {}, b[most_loops] = {}, c[most_loops] = {};
};

// with unit strides where an extent of 1 leaves them open; A and B exchanged where B is a vector
template <class InstructionSet> constexpr product_shape fixed_shape(product_shape s) {
    if (s.n == 1 && s.m > 1) s = {s.n, s.m, s.k, s.b_col, s.b_row, s.a_col, s.a_row, s.c_col, s.c_row};
    if (s.n == 1) s.b_col = s.c_col = 1;
    if (s.k == 1) s.a_col = s.b_row = 1;
    if (s.m == 1) s.c_row = s.n;
    return s;
}

template <class Arch, class T> constexpr fixed_contraction fixed_contraction_of(const contraction& given, int count) {
    using V = vector<T, Arch>;
    fixed_contraction f;
    const product_shape s = anchor<Arch, T, op::einsum>::shape({given}, count);
    f.shape = fixed_shape<Arch>(s);
    f.exchanged = s.n == 1 && s.m > 1;
    long work = static_cast<long>(f.shape.m) * f.shape.n * f.shape.k;
    bool in_rows = f.shape.c_row % f.shape.n == 0;
    for (int i = 0; i < given.outer_count; ++i) {
        const contraction::axis& o = given.outer[i];
        const int extent = anchor<Arch, T, op::einsum>::extent(o, count);
        if (extent == 1) continue;
        if (o.c == 0 || f.loops == f.most_loops) return {};
        f.extent[f.loops] = extent;
        f.a[f.loops] = f.exchanged ? o.b : o.a;
        f.b[f.loops] = f.exchanged ? o.a : o.b;
        f.c[f.loops++] = o.c;
        in_rows = in_rows && o.c % f.shape.n == 0;
        work *= extent;
    }
    if (f.shape.m < 1 || f.shape.n < 1 || f.shape.k < 1 || work > fixed_limits::work) return {};
    const bool readable = vector_traits<V>::masked || f.shape.n % lanes<V> == 0;
    if (f.shape.n > 1 && f.shape.b_col == 1 && f.shape.c_col == 1 && in_rows && readable)
        f.form = fixed_form::product;
    else if (f.shape.b_row == 1 && f.shape.a_col == 1 && f.shape.m * f.shape.n <= fixed_limits::dots)
        f.form = fixed_form::dots;
    return f;
}

}  // namespace tessera::detail::simd
