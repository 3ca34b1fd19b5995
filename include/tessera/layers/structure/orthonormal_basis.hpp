// orthonormal_basis(b): orthonormal rows that span what the rows of b span, by modified Gram-Schmidt.
//
//   in      b (K, D), K <= D
//   out     q (K, D), q q^T = I; the first k rows span what the first k of b do
//
// A row that depends on those before it has no direction left, and becomes 0, or what rounding leaves of it: ranks are
// not looked for.
// Gradient    exact, through every step; 0 in a row without direction.
// Cost        2 K^2 D multiply-adds, and K steps one after the other.
// Errors      compile time: not (K, D) with K <= D.
#pragma once
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/ir/operations/slice.hpp>

namespace tessera {

constexpr value orthonormal_basis(value b) {
    if (!expects(b, b.rank() == 2 && b.extent(0) <= b.extent(1), "rows (K, D), no more than they have features"))
        return b;
    const int rows = b.extent(0);
    detail::list<value> q;
    for (int k = 0; k < rows; ++k) {
        const value row = slice(b, 0, 0, 1);  // (1, D)
        const value unit = row * rsqrt(maximum(sum(square(row)), 1e-30));
        q.push_back(unit);
        if (k + 1 == rows) break;
        const value rest = slice(b, 0, 1, rows - 1 - k);
        b = rest - einsum("kd,ud->ku", rest, unit) * unit;
    }
    return rows == 1 ? q[0] : concatenate(q.data(), rows, 0);
}

}  // namespace tessera
