// hard_sigmoid: a sigmoid of three straight pieces.
//
//   in      x, any shape         out     y like x
//
//   y = min(max(x + 3, 0), 6) / 6
//
// Parameters  none.
// Gradient    1 / 6 where -3 < x < 3, else 0.
// Cost        four operations an element.
// Errors      none.
// Source      Howard et al. 2019, "Searching for MobileNetV3".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

struct hard_sigmoid_layer : layer_base<hard_sigmoid_layer> {
    static constexpr std::string_view name = "hard_sigmoid";
    constexpr value apply(value x) const {
        return minimum(6, tessera::apply(detail::scalar_function::relu, x + 3)) * (1.0 / 6);
    }
};
inline constexpr hard_sigmoid_layer hard_sigmoid{};

}  // namespace tessera
