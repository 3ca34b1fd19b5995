// doubly_stochastic(w): how far weights of attention are from giving each place one look in all.
//
//   in      w (T, L), the weights of T looks at L places; rows add up to 1
//   out     a number: sum_i (1 - sum_t w_ti)^2
//
// A penalty for what looks everywhere in turn: add_loss(doubly_stochastic(w)). Rows of looks that do not count are 0.
//
// Gradient    exact.
// Cost        one pass over w.
// Errors      compile time: weights not of rank 2.
// Source      Xu et al. 2015, "Show, Attend and Tell", section 4.2.1.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/reduce.hpp>

namespace tessera {

constexpr value doubly_stochastic(value w) {
    if (!expects(w, rank == 2, "weights (looks, places)")) return w;
    return sum(square(1 - sum(w, axes(0))));
}

}  // namespace tessera
