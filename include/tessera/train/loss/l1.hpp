// l1: the mean of |y - t|.
//
//   in      y, any shape; targets t like y
//   out     a scalar a sample: the mean over all elements
//
// Gradient    exact: sign(y - t) / size, 0 where y = t.
// Cost        two operations an element.
// Errors      none.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations.hpp>
#include <tessera/train/loss/target.hpp>

namespace tessera {

struct l1 {
    static constexpr bool takes_labels = false;

    static constexpr value apply(graph& g, const values& y) {
        const value t = losses::target(g, "targets", y[0].shape(), element::real);
        return mean(abs(y[0] - t));
    }
};

}  // namespace tessera
