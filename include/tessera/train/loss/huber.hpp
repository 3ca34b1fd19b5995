// huber<Delta>: the square of small differences, the absolute value of large ones.
//
//   in      y, any shape; targets t like y
//   out     a scalar a sample: the mean over all elements
//
//   d = |y - t|,   loss = d^2 / 2 where d <= Delta, else Delta (d - Delta / 2)
//
// Delta       a whole number or not.
// Gradient    exact: y - t, cut at -Delta and Delta.
// Cost        six operations an element, no branch.
// Errors      compile time: several outputs; Delta not above 0.
// Source      Huber 1964, "Robust Estimation of a Location Parameter".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations.hpp>
#include <tessera/train/loss/single_output.hpp>
#include <tessera/train/loss/target.hpp>

namespace tessera {

template <auto Delta = 1> struct huber {
    static_assert(Delta > 0, "huber<Delta>: Delta must be above 0");
    static constexpr bool takes_labels = false;

    static constexpr value apply(graph& g, const values& outputs) {
        const value y = losses::single_output(outputs);
        const value t = losses::target(g, "targets", y.shape(), losses::width_of(y));
        const value d = abs(y - t), m = minimum(d, double{Delta});
        return mean(m * (d - 0.5 * m));  // both branches in one
    }
};

}  // namespace tessera
