// relu: the positive part.
//
//   y = max(x, 0), element by element
//
// Parameters  none.    Gradient  1 where y > 0, else 0.    Cost  one comparison an element.    Errors  none.
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

struct relu_layer : layer_base<relu_layer> {
    static constexpr std::string_view name = "relu";
    constexpr value apply(value x) const { return tessera::apply(detail::scalar_function::relu, x); }
};
inline constexpr relu_layer relu{};

}  // namespace tessera
