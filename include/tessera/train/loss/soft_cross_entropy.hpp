// soft_cross_entropy: cross entropy against probabilities: mix-up, distillation.
//
//   in      logits (..., C); targets (..., C), probabilities
//   out     a scalar a sample: the mean over leading axes
//
//   loss = -sum_c t_c log softmax(logits)_c;  a class with t_c = 0 adds nothing, though its logit be -infinity
//
// Gradient    exact, to the targets as well; softmax - t where the t_c sum to 1.
// Cost        one exp a class.
// Errors      compile time: several outputs, or one of rank 0.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations.hpp>
#include <tessera/train/loss/single_output.hpp>
#include <tessera/train/loss/target.hpp>

namespace tessera {

struct soft_cross_entropy {
    static constexpr bool takes_labels = false;

    static constexpr value apply(graph& g, const values& y) {
        const value logits = losses::single_output(y);
        if (!expects(logits, logits.rank() >= 1, "logits (..., classes)")) return {&g, -1};
        const value t = losses::target(g, "targets", logits.shape(), losses::width_of(logits));
        return mean(-sum(masked(t, softmax_over_last(detail::op::log_softmax, logits)), last));
    }
};

}  // namespace tessera
