// relu6: the positive part, at most 6.
//
//   in      x, any shape         out     y like x
//
//   y = min(max(x, 0), 6), element by element
//
// Parameters  none.
// Gradient    1 where 0 < x < 6, else 0.
// Cost        two comparisons an element.
// Errors      none.
// Source      Krizhevsky 2010, "Convolutional Deep Belief Networks on CIFAR-10".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

struct relu6_layer : layer_base<relu6_layer> {
    static constexpr std::string_view name = "relu6";
    constexpr value apply(value x) const { return minimum(6, tessera::apply(detail::scalar_function::relu, x)); }
};
inline constexpr relu6_layer relu6{};

}  // namespace tessera
