// Losses that keep a gate from sending everything to the same few experts.
//
//   load_balance(p, chosen)   p (T, E) probabilities of experts, chosen (T) int32, the expert of the first choice:
//                             E sum_e f_e P_e, f_e the share of the tokens that chose e, P_e the mean of p_e; 1 where
//                             both are even, at most E. No gradient through f.
//   importance(g)             g (T, E) weights of experts, 0 for those not chosen: the squared coefficient of variation
//                             of sum_t g_te over the experts, 0 where all are equal
//
// Shares and means are over the tokens of all samples of the batch: one number for all of them.
// Gradient    exact, to p and g.
// Cost        two passes over T x E.
// Errors      compile time: p or g not (T, E); chosen not int32 (T).
// Source      Fedus, Zoph, Shazeer 2022, "Switch Transformers", (4); Shazeer et al. 2017, "Outrageously Large Neural
//             Networks: The Sparsely-Gated Mixture-of-Experts Layer", (7).
#pragma once
#include <tessera/ir/operations/gather.hpp>
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/ir/operations/reduce.hpp>

namespace tessera {

constexpr value load_balance(value p, value chosen) {
    if (!expects(p, rank == 2, "probabilities (tokens, experts)") ||
        !expects(chosen, chosen.rank() == 1 && chosen.extent(0) == p.extent(0), "an expert for each token"))
        return p;
    const int experts = p.extent(1);
    const value share = batch_mean(one_hot(chosen, experts), leading), likely = batch_mean(p, leading);  // (E)
    return sum(share * likely) * experts;
}

constexpr value importance(value weights) {
    if (!expects(weights, rank == 2, "weights (tokens, experts)")) return weights;
    const value total = batch_mean(weights, leading);  // (E), of which only the proportions count
    const value middle = mean(total);
    return mean(square(total - middle)) / maximum(square(middle), 1e-20);
}

}  // namespace tessera
