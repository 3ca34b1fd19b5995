// prelu: a leaky relu whose slope is learnt, one for each channel.
//
//   in      x (..., C)           out     y (..., C)
//
//   y = max(x, 0) + weight min(x, 0)
//
// Parameters  weight (C), 0.25; spared by weight decay, which would pull it towards a relu.
// Gradient    exact; to x: 1 where x > 0, else weight.
// Cost        four operations an element.
// Errors      compile time: an input of rank 0.
// Source      He, Zhang, Ren, Sun 2015, "Delving Deep into Rectifiers".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

struct prelu_layer : layer_base<prelu_layer> {
    static constexpr std::string_view name = "prelu";

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 1, "channels on the last axis")) return x;
        const auto weight = parameter("weight", {x.extent(-1)}, initial::constant(0.25)).no_weight_decay();
        return tessera::apply(detail::scalar_function::relu, x) + weight * minimum(x, 0);
    }
};
inline constexpr prelu_layer prelu{};

}  // namespace tessera
