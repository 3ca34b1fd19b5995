// bce_with_logits: binary cross entropy of each element, from logits; stable for every logit, infinite ones too.
//
//   in      logits x, any shape; targets t like x, probabilities
//   out     a scalar a sample: the mean over all elements
//
//   loss = -t log s(x) - (1 - t) log(1 - s(x)) = max(x, 0) - x t + log(1 + exp(-|x|)),   s the logistic function
//
// Gradient    exact: (s(x) - t) / size.
// Cost        one exp and one logarithm an element.
// Errors      compile time: several outputs.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations.hpp>
#include <tessera/train/loss/single_output.hpp>
#include <tessera/train/loss/target.hpp>

namespace tessera {

struct bce_with_logits {
    static constexpr bool takes_labels = false;

    static constexpr value apply(graph& g, const values& y) {
        const value x = losses::single_output(y), t = losses::target(g, "targets", x.shape(), losses::width_of(x));
        const value size = abs(x);
        // max(x, 0) as x (1 + sign x) / 2: its gradient at 0, where an untrained layer may well be, is the needed 1/2.
        // Where x has the sign that t asks for, its factor is exactly 0.
        return mean(masked(0.5 + 0.5 * sign(x) - t, x) + log1p(exp(-size)));
    }
};

}  // namespace tessera
