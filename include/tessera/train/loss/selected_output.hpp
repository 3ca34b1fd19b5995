// selected_output: the score of the class that a label names, as it is. Its gradient with respect to an input is the
// saliency of that class.
//
//   in      scores y (..., C); labels (...) of element int32
//   out     a scalar a sample: the mean over leading axes
//
// Gradient    exact: one at the label.
// Cost        two operations a class.
// Errors      compile time: several outputs, or one of rank 0. A label out of range is refused by the call.
// Source      Simonyan, Vedaldi, Zisserman 2014, "Deep Inside Convolutional Networks: Visualising Image Classification
//             Models and Saliency Maps".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations.hpp>
#include <tessera/train/loss/single_output.hpp>
#include <tessera/train/loss/target.hpp>

namespace tessera {

struct selected_output {
    static constexpr bool takes_labels = true;

    static constexpr value apply(graph& g, const values& y) {
        const value scores = losses::single_output(y);
        if (!expects(scores, scores.rank() >= 1, "scores (..., classes)")) return {&g, -1};
        const unsigned classes = last.of(scores.rank());
        const value labels = losses::labels(g, scores);
        return mean(reduce(detail::op::sum, select(one_hot(labels, scores.extent(-1)), scores, 0), classes));
    }
};

}  // namespace tessera
