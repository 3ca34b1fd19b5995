// selu: an exponential linear unit that keeps mean 0 and variance 1 from layer to layer.
//
//   in      x, any shape         out     y like x
//
//   y = s x where x > 0, else s a (exp(x) - 1); s = 1.0507009873554805, a = 1.6732632423543772
//
// Parameters  none.
// Gradient    s where x > 0, else s a exp(x).
// Cost        one exp and six operations an element.
// Errors      none.
// Source      Klambauer, Unterthiner, Mayr, Hochreiter 2017, "Self-Normalizing Neural Networks".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

struct selu_layer : layer_base<selu_layer> {
    static constexpr std::string_view name = "selu";
    static constexpr double scale = 1.0507009873554804934, alpha = 1.6732632423543772848;

    constexpr value apply(value x) const {
        return scale * tessera::apply(detail::scalar_function::relu, x) + (scale * alpha) * (exp(minimum(x, 0)) - 1);
    }
};
inline constexpr selu_layer selu{};

}  // namespace tessera
