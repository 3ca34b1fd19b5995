// softmax: the features as a probability distribution.
//
//   in      x (..., C)           out     y (..., C)
//
//   y_i = exp(x_i) / sum_j exp(x_j), over the last axis; the largest x is subtracted first
//
// Parameters  none.
// Gradient    y (dy - sum(dy y)).
// Cost        one exp an element, three passes over a row.
// Errors      none.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/softmax.hpp>

namespace tessera {

struct softmax_layer : layer_base<softmax_layer> {
    static constexpr std::string_view name = "softmax";
    constexpr value apply(value x) const { return softmax_over_last(op::softmax, x); }
};
inline constexpr softmax_layer softmax{};

}  // namespace tessera
