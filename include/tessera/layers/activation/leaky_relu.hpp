// leaky_relu<Slope>: the identity above 0, a line of another slope below.
//
//   in      x, any shape         out     y like x
//
//   y = x where x > 0, else Slope x
//
// Parameters  none. Slope is 0.01 unless given: leaky_relu<>, leaky_relu<0.2>.
// Gradient    1 where x > 0, else Slope.
// Cost        two comparisons and two operations an element.
// Errors      none.
// Source      Maas, Hannun, Ng 2013, "Rectifier Nonlinearities Improve Neural Network Acoustic Models".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

template <double Slope = 0.01> struct leaky_relu_layer : layer_base<leaky_relu_layer<Slope>> {
    static constexpr std::string_view name = "leaky_relu";

    constexpr value apply(value x) const {
        const value above = tessera::apply(detail::scalar_function::relu, x);
        return Slope == 0 ? above : above + Slope * minimum(x, 0);  // 0 times infinity is not 0
    }
};
template <double Slope = 0.01> inline constexpr leaky_relu_layer<Slope> leaky_relu{};

}  // namespace tessera
