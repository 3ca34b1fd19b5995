// hinge: how far a score lies on the wrong side of a margin of 1.
//
//   in      y, any shape; targets t like y, each -1 or 1
//   out     a scalar a sample: the mean over all elements of max(0, 1 - t y)
//
// Gradient    exact: -t / size inside the margin, 0 outside and on it.
// Cost        three operations an element.
// Errors      compile time: several outputs.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations.hpp>
#include <tessera/train/loss/single_output.hpp>
#include <tessera/train/loss/target.hpp>

namespace tessera {

struct hinge {
    static constexpr bool takes_labels = false, targets_are_signs = true;

    static constexpr value apply(graph& g, const values& outputs) {
        const value y = losses::single_output(outputs);
        const value t = losses::target(g, "targets", y.shape(), losses::width_of(y));
        return mean(tessera::apply(detail::scalar_function::relu, 1 - t * y));
    }
};

}  // namespace tessera
