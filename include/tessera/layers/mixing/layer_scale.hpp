// layer_scale<Start>: each feature of a branch scaled by a number that is learnt and begins small, so that a deep
// residual network begins near the identity.
//
//   in      x (..., C)
//   out     y (..., C)
//
//   y = x weight
//
// Parameters  weight (C), Start; spared by weight decay.
// Gradient    exact.
// Cost        one operation an element.
// Errors      compile time: an input of rank 0.
// Source      Touvron et al. 2021, "Going deeper with Image Transformers": 0.1 up to 18 layers, 1e-5 up to 24, 1e-6
//             beyond.
//
//     inline constexpr auto block = residual(layer_norm >> dense<64> >> gelu >> dense<16> >> layer_scale<1e-5>);
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

template <double Start = 0.1> struct layer_scale_layer : layer_base<layer_scale_layer<Start>> {
    static constexpr std::string_view name = "layer_scale";

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 1, "features on the last axis")) return x;
        return x * parameter("weight", {x.extent(-1)}, initial::constant(Start)).no_weight_decay();
    }
};
template <double Start = 0.1> inline constexpr layer_scale_layer<Start> layer_scale{};

}  // namespace tessera
