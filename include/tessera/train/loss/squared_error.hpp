// squared_error: the mean of (y - t)^2. (mean_squared_error is the metric of that name.)
//
//   in      y, any shape; targets t like y
//   out     a scalar a sample: the mean over all elements
//
// Gradient    exact: 2 (y - t) / size.
// Cost        two operations an element.
// Errors      compile time: several outputs.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations.hpp>
#include <tessera/train/loss/single_output.hpp>
#include <tessera/train/loss/target.hpp>

namespace tessera {

struct squared_error {
    static constexpr bool takes_labels = false;

    static constexpr value apply(graph& g, const values& outputs) {
        const value y = losses::single_output(outputs);
        const value t = losses::target(g, "targets", y.shape(), losses::width_of(y));
        return mean(square(y - t));
    }
};

}  // namespace tessera
