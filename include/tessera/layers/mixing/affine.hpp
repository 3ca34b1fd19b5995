// affine: each feature scaled and shifted by numbers that are learnt; what stands for a normalisation in ResMLP.
//
//   in      x (..., C)
//   out     y (..., C)
//
//   y = x weight + bias
//
// No statistics are taken, so that in inference it is part of the map before or after.
// Parameters  weight (C), 1; bias (C), 0; both spared by weight decay.
// Gradient    exact.
// Cost        two operations an element.
// Errors      compile time: an input of rank 0.
// Source      Touvron et al. 2021, "ResMLP: Feedforward networks for image classification with data-efficient training".
//
//     struct net : network<(affine >> dense<2>), shape<4>> {};
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

struct affine_layer : layer_base<affine_layer> {
    static constexpr std::string_view name = "affine";

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 1, "features on the last axis")) return x;
        const extents features{x.extent(-1)};
        return x * parameter("weight", features, initial::constant(1)).no_weight_decay() +
               parameter("bias", features).no_weight_decay();
    }
};
inline constexpr affine_layer affine{};

}  // namespace tessera
