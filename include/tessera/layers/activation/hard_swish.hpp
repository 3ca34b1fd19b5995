// hard_swish: x times its hard sigmoid.
//
//   in      x, any shape         out     y like x
//
//   y = x min(max(x + 3, 0), 6) / 6
//
// Parameters  none.
// Gradient    0 where x < -3, 1 where x > 3, x / 3 + 1 / 2 between.
// Cost        five operations an element.
// Errors      none.
// Source      Howard et al. 2019, "Searching for MobileNetV3".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

struct hard_swish_layer : layer_base<hard_swish_layer> {
    static constexpr std::string_view name = "hard_swish";
    constexpr value apply(value x) const {
        return x * (minimum(6, tessera::apply(detail::scalar_function::relu, x + 3)) * (1.0 / 6));
    }
};
inline constexpr hard_swish_layer hard_swish{};

}  // namespace tessera
