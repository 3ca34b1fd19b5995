// sigmoid: y = 1 / (1 + exp(-x)), element by element.
//
//   in      x, any shape         out     y like x, between 0 and 1
//
// Parameters  none.    Gradient  y (1 - y).    Cost  one sigmoid an element.    Errors  none.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

struct sigmoid_layer : layer_base<sigmoid_layer> {
    static constexpr std::string_view name = "sigmoid";
    constexpr value apply(value x) const { return tessera::apply(detail::scalar_function::sigmoid, x); }
};
inline constexpr sigmoid_layer sigmoid{};

}  // namespace tessera
