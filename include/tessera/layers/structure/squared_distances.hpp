// squared_distances(x, p): how far each of many places is from each of a few points.
//
//   in      x (..., D), p (M, D)
//   out     d (..., M), |x - p_m|^2, not negative
//
//   d = max(0, x.x - 2 x.p + p.p)      a product, and no array of places x points x features
//
// Where x and p are nearly the same, the difference has the rounding of x.x: about 1e-7 |x|^2 in float.
// Gradient    exact where d > 0; else 0.
// Cost        M D multiply-adds a place.
// Errors      compile time: points that are not (M, D).
#pragma once
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

constexpr value squared_distances(value x, value p) {
    if (!expects(x, x.rank() >= 1 && x.rank() <= 5, "places (..., features)")) return x;
    if (!expects(p, p.rank() == 2 && p.extent(1) == x.extent(-1), "points (points, features) of as many features"))
        return x;
    const value cross = einsum("...d,md->...m", x, p);
    return maximum(sum(square(x), last, keep_axes) - 2 * cross + sum(square(p), last), 0);
}

}  // namespace tessera
