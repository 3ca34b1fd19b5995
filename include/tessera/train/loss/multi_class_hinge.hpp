// multi_class_hinge: how far wrong classes reach into a margin of 1 below the right one.
//
//   in      scores y (..., C); labels (...) of element int32
//   out     a scalar a sample: the mean over leading axes
//
//   loss = 1 / C sum over c != label of max(0, 1 - y_label + y_c)
//
// Gradient    exact; 0 on the margin.
// Cost        seven operations a class.
// Errors      compile time: several outputs, or one of rank 0. A label out of range is refused by the trainer before
//             the step runs.
// Source      Crammer, Singer 2001, "On the Algorithmic Implementation of Multiclass Kernel-based Vector Machines";
//             this is the form that sums over the classes.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations.hpp>
#include <tessera/train/loss/single_output.hpp>
#include <tessera/train/loss/target.hpp>

namespace tessera {

struct multi_class_hinge {
    static constexpr bool takes_labels = true;

    static constexpr value apply(graph& g, const values& y) {
        const value scores = losses::single_output(y);
        if (!expects(scores, scores.rank() >= 1, "scores (..., classes)")) return {&g, -1};
        const unsigned classes = last.of(scores.rank());
        const value labels = losses::labels(g, scores);
        const value right = one_hot(labels, scores.extent(-1));                        // (..., C)
        const value own = reduce(detail::op::sum, select(right, scores, 0), classes);  // (..., 1)
        const value excess = select(right, 0, scores - own + 1);
        return mean(
            tessera::apply(detail::scalar_function::relu, excess));  // the mean over the classes is the division by C
    }
};

}  // namespace tessera
