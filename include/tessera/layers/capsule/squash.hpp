// squash: vectors of the same direction and a length below 1, short ones nearly 0, long ones nearly 1.
//
//   in      s (..., D)
//   out     v (..., D)
//
//   v = |s| / (1 + |s|^2) s,   so |v| = |s|^2 / (1 + |s|^2)
//
// squash(s, axis) is along another axis than the last one.
// Parameters  none.
// Gradient    exact, and 0 at s = 0. Lengths below 1e-15 count as 1e-15: v is within 1e-30 of the formula.
// Cost        one sum over D, and two operations an element.
// Errors      compile time: an input of rank 0. In float, |s| above 1e19 has no square.
// Source      Sabour, Frosst, Hinton 2017, "Dynamic Routing Between Capsules", equation 1.
//
//     inline constexpr auto capsules = reshape_to<32, 8> >> squash;
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/reduce.hpp>

namespace tessera {

namespace detail {

// what is below has no square root with a finite gradient
inline constexpr double least_square = 1e-30;

}  // namespace detail

struct squash_layer : layer_base<squash_layer> {
    static constexpr std::string_view name = "squash";

    constexpr value apply(value s) const { return apply(s, -1); }
    constexpr value apply(value s, int axis) const {
        if (!expects(s, s.rank() >= 1, "vectors (..., D)")) return s;
        const value squares = sum(square(s), axes(axis), keep_axes);  // 1 along the axis
        return s * (squares * rsqrt(maximum(squares, detail::least_square)) / (1 + squares));
    }
};
inline constexpr squash_layer squash{};

}  // namespace tessera
