// gelu: x times the probability that a standard normal number is below x.
//
//   in      x, any shape         out     y like x
//
//   y = x (1 + erf(x / sqrt 2)) / 2
//
// Parameters  none.
// Gradient    exact.
// Cost        one erf and four operations an element; gelu_tanh is close and cheaper.
// Errors      none.
// Source      Hendrycks, Gimpel 2016, "Gaussian Error Linear Units".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

struct gelu_layer : layer_base<gelu_layer> {
    static constexpr std::string_view name = "gelu";
    constexpr value apply(value x) const { return x * (0.5 + 0.5 * erf(x * 0.70710678118654752440)); }
};
inline constexpr gelu_layer gelu{};

}  // namespace tessera
