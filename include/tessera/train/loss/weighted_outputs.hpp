// weighted_outputs: the sum of all outputs, each element times a number that is given. Its gradient is whatever
// cotangent one likes: for checks and for vector-Jacobian products.
//
//   in      any outputs; for each, weights of its shape
//   out     a scalar a sample
//
// Gradient    exact: the weights.
// Cost        two operations an element.
// Errors      none.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations.hpp>
#include <tessera/train/loss/target.hpp>

namespace tessera {

struct weighted_outputs {
    static constexpr bool takes_labels = false;

    static constexpr value apply(graph& g, const values& y) {
        value total;
        for (int i = 0; i < y.count; ++i) {
            const value w = losses::target(g, text("weights_") + i, y[i].shape(), losses::width_of(y[i]));
            const value part = cast<real>(sum(y[i] * w));
            total = i == 0 ? part : total + part;
        }
        return total;
    }
};

}  // namespace tessera
