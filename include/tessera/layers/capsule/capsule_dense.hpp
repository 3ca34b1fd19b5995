// capsule_dense<J, D, Rounds>: J capsules of D dimensions, each of which every lower capsule votes for by a matrix of its
// own.
//
//   in      x (I, E)
//   out     v (J, D), |v_j| < 1
//
//   v = capsule_routing<Rounds>(u),   u_ij = x_i weight_ij
//
// Options     those of capsule_routing.
// Parameters  weight (I, E, J, D), normal with deviation 0.1, as in the authors' code; capsule_bias: bias (J, D), 0.1.
// Gradient    exact.
// Cost        I E J D multiply-adds and the routing.
// Errors      compile time: J, D or Rounds < 1; an input not of rank 2.
// Source      Sabour, Frosst, Hinton 2017, "Dynamic Routing Between Capsules".
//
//     inline constexpr auto digits = primary_capsules<32, 8, 9, 2> >> capsule_dense<10, 16> >> capsule_lengths;
#pragma once
#include <tessera/layers/capsule/capsule_routing.hpp>

namespace tessera {

template <int J, int D, int Rounds = 3, class... Options>
struct capsule_dense_layer : layer_base<capsule_dense_layer<J, D, Rounds, Options...>> {
    static_assert(J >= 1 && D >= 1, "capsule_dense<J, D>: at least one capsule, of one dimension");
    static constexpr std::string_view name = "capsule_dense";
    static constexpr text describe() { return detail::written(name, {J, D, Rounds}); }

    constexpr value apply(value x) const {
        if (!expects(x, rank == 2, "capsules (lower, pose)")) return x;
        if (!expects(x, rank == 2, "capsules (lower, pose)")) return x;
        const value votes =
            einsum("ie,iejd->ijd", x, parameter("weight", {x.extent(0), x.extent(1), J, D}, initial::normal(0.1)));
        return capsule_routing_layer<Rounds, Options...>{}.apply(votes);
    }
};

template <int J, int D, int Rounds = 3, class... Options>
inline constexpr capsule_dense_layer<J, D, Rounds, Options...> capsule_dense{};

}  // namespace tessera
