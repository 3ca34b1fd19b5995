// softmax: the features as a probability distribution.
//
//   in      x (..., C)           out     y (..., C)
//
//   y_i = exp(x_i) / sum_j exp(x_j), over the last axis; the largest x is subtracted first
//
//   softmax(x, axis)      over another axis; a negative one counts from the last
//
// Parameters  none.
// Gradient    y (dy - sum(dy y)).
// Cost        one exp an element, three passes over a row; over another axis than the last two copies more.
// Errors      compile time: an axis that x lacks.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/softmax.hpp>

namespace tessera {

struct softmax_layer : layer_base<softmax_layer> {
    static constexpr std::string_view name = "softmax";
    constexpr value apply(value x) const { return softmax_over_last(detail::op::softmax, x); }
    constexpr value apply(value x, int axis) const { return softmax_over(detail::op::softmax, x, axis); }
};
inline constexpr softmax_layer softmax{};

}  // namespace tessera
