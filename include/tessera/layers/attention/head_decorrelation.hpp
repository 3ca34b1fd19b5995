// head_decorrelation(logits): how far several classifiers are from what they say together.
//
//   in      logits, a list of one to eight (C)
//   out     a number: the sum over the heads k of KL(p || q_k), q_k = softmax(logits_k), p = softmax(their mean)
//
// p gets no gradient. With a weight below zero, -0.8 in the paper, heads are rewarded for being of another opinion:
// add_loss(-0.8 * head_decorrelation(logits)).
//
// Gradient    exact, but of p none: weight (q_k - p) for the logits of head k.
// Cost        three exponentials and logarithms a class and head.
// Errors      compile time: no logits; logits not of rank 1, or of different numbers of classes.
// Source      Ryu, Han, Lim 2023, "Gramian Attention Heads are Strong yet Efficient Vision Learners", section 3.3.
#pragma once
#include <tessera/layers/activation/log_softmax.hpp>
#include <tessera/layers/activation/softmax.hpp>

namespace tessera {

constexpr value head_decorrelation(const values& logits) {
    const value first = logits[0];
    value together;
    for (int k = 0; k < logits.count; ++k) {
        if (!expects(logits[k], rank == 1, "logits (classes)") ||
            !expects(logits[k], logits[k].shape() == first.shape(), "as many classes as the first head has"))
            return {first.owner, -1};
        together = k == 0 ? first : together + logits[k];
    }
    const value joint = stop_gradient(log_softmax(together * (1.0 / logits.count)));
    value total;
    for (int k = 0; k < logits.count; ++k) {
        const value apart = sum(exp(joint) * (joint - log_softmax(logits[k])));
        total = k == 0 ? apart : total + apart;
    }
    return total;
}

}  // namespace tessera
