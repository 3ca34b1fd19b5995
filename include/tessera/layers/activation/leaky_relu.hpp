// leaky_relu<Slope>: the identity above 0, a line of another slope below.
//
//   in      x, any shape         out     y like x
//
//   y = x where x > 0, else Slope x
//
// Parameters  none. Slope is 0.01 unless given: leaky_relu<>, leaky_relu<0.2>.
// Gradient    1 where x > 0, else Slope.
// Cost        one product and one comparison an element.
// Errors      none.
// Source      Maas, Hannun, Ng 2013, "Rectifier Nonlinearities Improve Neural Network Acoustic Models".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

template <double Slope = 0.01> struct leaky_relu_layer : layer_base<leaky_relu_layer<Slope>> {
    static constexpr std::string_view name = "leaky_relu";

    // at 0 both operands tie, and the gradient goes to the first: Slope
    constexpr value apply(value x) const { return Slope <= 1 ? maximum(Slope * x, x) : minimum(Slope * x, x); }
};
template <double Slope = 0.01> inline constexpr leaky_relu_layer<Slope> leaky_relu{};

}  // namespace tessera
