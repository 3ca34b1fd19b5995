// softplus: a smooth positive part.
//
//   in      x, any shape         out     y like x
//
//   y = log(1 + exp x) = log1p(exp(min(x, 40))) + max(x - 40, 0)
//
// Above 40 softplus is x to the last bit of a double, so nothing overflows; the gradient is smooth at 0.
// Parameters  none.
// Gradient    exact: the sigmoid.
// Cost        one exp, one log1p and four operations an element.
// Errors      none.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

struct softplus_layer : layer_base<softplus_layer> {
    static constexpr std::string_view name = "softplus";
    constexpr value apply(value x) const {
        return log1p(exp(minimum(x, 40))) + tessera::apply(detail::scalar_function::relu, x - 40);
    }
};
inline constexpr softplus_layer softplus{};

}  // namespace tessera
