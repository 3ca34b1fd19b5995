// mish: x tanh(softplus(x)).
//
//   in      x, any shape         out     y like x
//
//   y = x n / (n + 2), n = e (e + 2), e = exp(min(x, 20))
//
// which is x tanh(log(1 + exp x)) without its logarithm and hyperbolic tangent, and without cancellation. From
// x = 20 on the quotient is 1 to the last bit of a double.
// Parameters  none.
// Gradient    exact.
// Cost        one exp and six operations an element.
// Errors      none.
// Source      Misra 2020, "Mish: A Self Regularized Non-Monotonic Activation Function".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

struct mish_layer : layer_base<mish_layer> {
    static constexpr std::string_view name = "mish";
    constexpr value apply(value x) const {
        const value e = exp(minimum(x, 20)), n = e * (e + 2);
        return x * (n / (n + 2));
    }
};
inline constexpr mish_layer mish{};

}  // namespace tessera
