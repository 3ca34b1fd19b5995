// capsule_routing<Rounds>: routing by agreement between two layers of capsules.
//
//   in      u (I, J, D)    the vote of lower capsule i for upper capsule j
//   out     v (J, D)       the pose of upper capsule j, |v_j| < 1
//
//   b = 0, then Rounds times:
//     c_i  = softmax_j b_i              how i divides itself among the j
//     v_j  = squash(sum_i c_ij u_ij)
//     b_ij += u_ij . v_j                agreement raises the logit, but for the last round
//
//   b is of each sample by itself, and begins at 0 in every call.
//
// Options     capsule_bias: v_j = squash(sum_i c_ij u_ij + bias_j), as in the authors' code. leaky_routing: one more logit
//             that is always 0, for votes that belong nowhere, so that sum_j c_ij < 1. last_round_gradient: the rounds
//             before the last pass no gradient, as in a wide-spread port.
// Parameters  none; capsule_bias: bias (J, D), 0.1.
// Gradient    exact, through every round.
// Cost        (4 Rounds - 2) I J D operations, and a copy of the votes as (J, D, I): what the rounds read in rows of I
//             takes half of the time of rows of D (bench/layers/capsule/routing.cpp).
// Errors      compile time: Rounds < 1; an input not of rank 3.
// Source      Sabour, Frosst, Hinton 2017, "Dynamic Routing Between Capsules", procedure 1.
//
//     inline constexpr auto upper = [](value x) {                         // x (1152, 8)
//         const value weight = parameter("weight", {1152, 8, 10, 16}, initial::normal(0.1)).with(x);
//         return capsule_routing<3>(einsum("ie,iejd->ijd", x, weight));   // (10, 16)
//     };
#pragma once
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/relayout.hpp>
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/capsule/squash.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

struct capsule_bias {};
struct leaky_routing {};
struct last_round_gradient {};

namespace detail {

// softmax along the leading axis of logits (J, I), and of one that is 0 beside them
constexpr value leaky_softmax(value b) {
    const value most = stop_gradient(maximum(max(b, axes(0), keep_axes), 0));  // (1, I)
    const value weights = exp(b - most);                                       // (J, I)
    return weights / (sum(weights, axes(0), keep_axes) + exp(-most));
}

}  // namespace detail

template <int Rounds, class... Options>
struct capsule_routing_layer : layer_base<capsule_routing_layer<Rounds, Options...>> {
    static_assert(Rounds >= 1, "capsule_routing<Rounds>: Rounds must be at least 1");
    static_assert((detail::is_option_of<Options, capsule_bias, leaky_routing, last_round_gradient> && ...),
                  "capsule_routing<Rounds, ...>: the options are capsule_bias, leaky_routing and last_round_gradient");
    static constexpr std::string_view name = "capsule_routing";
    static constexpr text describe() { return detail::written(name, {Rounds}); }

    constexpr value apply(value votes) const {
        if (!expects(votes, rank == 3, "votes (lower, upper, pose)")) return votes;
        const int j = votes.extent(1), d = votes.extent(2);
        value bias;  // (J, D)
        if constexpr (biased) bias = parameter("bias", {j, d}, initial::constant(0.1)).no_weight_decay().with(votes);
        const value rows = relayout(votes, {1, 2, 0});  // (I, J, D), in memory (J, D, I)
        const value before = has<last_round_gradient> ? stop_gradient(rows) : rows;
        value b, v;
        for (int round = 0; round < Rounds; ++round) {
            const value u = round + 1 < Rounds ? before : rows;
            value s = round == 0 ? sum(u, axes(0)) * (1.0 / (j + has<leaky_routing>))
                                 : einsum("ji,ijd->jd", coupling(b), u);  // (J, D)
            if constexpr (biased) s = s + bias;
            v = squash_layer{}.apply(s);
            if (round + 1 == Rounds) break;
            const value agreement = einsum("ijd,jd->ji", u, has<last_round_gradient> ? stop_gradient(v) : v);  // (J, I)
            b = round == 0 ? agreement : b + agreement;
        }
        return v;
    }

  private:
    template <class Option> static constexpr bool has = detail::has_option<Option, Options...>;
    static constexpr bool biased = has<capsule_bias>;

    static constexpr value coupling(value b) {
        return has<leaky_routing> ? detail::leaky_softmax(b) : tessera::softmax(b, 0);  // (J, I)
    }
};

template <int Rounds = 3, class... Options>
inline constexpr capsule_routing_layer<Rounds, Options...> capsule_routing{};

}  // namespace tessera
