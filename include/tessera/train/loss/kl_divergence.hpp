// kl_divergence: how much a predicted distribution differs from a given one.
//
//   in      y (..., C), logarithms of probabilities; targets t (..., C), probabilities
//   out     a scalar a sample: the mean over leading axes
//
//   loss = sum_c t_c (log t_c - y_c);  a class of probability 0 adds nothing, though y_c be -infinity
//
// Gradient    exact: -t.
// Cost        one logarithm a class.
// Errors      compile time: several outputs, or one of rank 0.
#pragma once
#include <limits>
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations.hpp>
#include <tessera/train/loss/single_output.hpp>
#include <tessera/train/loss/target.hpp>

namespace tessera {

struct kl_divergence {
    static constexpr bool takes_labels = false;

    static constexpr value apply(graph& g, const values& outputs) {
        const value y = losses::single_output(outputs);
        if (!expects(y, y.rank() >= 1, "logarithms of probabilities (..., classes)")) return {&g, -1};
        const value t = losses::target(g, "targets", y.shape(), losses::width_of(y));
        // 0 log 0 = 0: any finite logarithm will do there
        const value logarithm = log(maximum(t, static_cast<double>(std::numeric_limits<float>::min())));
        return mean(sum(masked(t, logarithm - y), last));
    }
};

}  // namespace tessera
