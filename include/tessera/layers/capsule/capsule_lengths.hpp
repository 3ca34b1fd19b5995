// capsule_lengths: how long each capsule's vector is: how sure it is that its entity is there.
//
//   in      v (..., D)
//   out     (...), |v|
//
// Parameters  none.
// Gradient    exact, and 0 at v = 0.
// Cost        one sum over D.
// Errors      compile time: an input of rank 0.
// Source      Sabour, Frosst, Hinton 2017, "Dynamic Routing Between Capsules".
//
//     inline constexpr auto scores = capsule_dense<10, 16> >> capsule_lengths;
#pragma once
#include <tessera/layers/capsule/squash.hpp>

namespace tessera {

struct capsule_lengths_layer : layer_base<capsule_lengths_layer> {
    static constexpr std::string_view name = "capsule_lengths";

    constexpr value apply(value v) const {
        if (!expects(v, v.rank() >= 1, "vectors (..., D)")) return v;
        const value squares = sum(square(v), last);  // (...)
        return squares * rsqrt(maximum(squares, detail::least_square));
    }
};
inline constexpr capsule_lengths_layer capsule_lengths{};

}  // namespace tessera
