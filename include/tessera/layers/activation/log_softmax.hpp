// log_softmax: the logarithm of softmax, computed without forming it.
//
//   in      x (..., C)           out     y (..., C)
//
//   y_i = x_i - log sum_j exp(x_j), over the last axis; the largest x is subtracted first
//
//   log_softmax(x, axis)      over another axis; a negative one counts from the last
//
// Parameters  none.
// Gradient    dy - exp(y) sum(dy).
// Cost        one exp an element, three passes over a row; over another axis than the last two copies more.
// Errors      compile time: an axis that x lacks.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/softmax.hpp>

namespace tessera {

struct log_softmax_layer : layer_base<log_softmax_layer> {
    static constexpr std::string_view name = "log_softmax";
    constexpr value apply(value x) const { return softmax_over_last(detail::op::log_softmax, x); }
    constexpr value apply(value x, int axis) const { return softmax_over(detail::op::log_softmax, x, axis); }
};
inline constexpr log_softmax_layer log_softmax{};

}  // namespace tessera
