// rms_norm: each position divided by the root of the mean square of its features.
//
//   in      x (..., C)
//   out     y (..., C)
//
//   y = x / sqrt(mean x^2 + epsilon) weight
//
// Options     rms_norm_with<Epsilon>; 1e-6.
// Parameters  weight (C), 1; spared by weight decay.
// Gradient    exact.
// Cost        two passes over x.
// Errors      compile time: an input of rank 0; Epsilon <= 0.
// Source      Zhang, Sennrich 2019, "Root Mean Square Layer Normalization".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/reduce.hpp>

namespace tessera {

template <double Epsilon = 1e-6> struct rms_norm_layer : layer_base<rms_norm_layer<Epsilon>> {
    static_assert(Epsilon > 0, "rms_norm: Epsilon must be positive");
    static constexpr std::string_view name = "rms_norm";

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 1, "features on the last axis")) return x;
        const int features = x.extent(-1);
        const value mean_square = reduce(detail::op::sum, square(x), last.of(x.rank()), {.factor = 1.0 / features});
        return x * rsqrt(mean_square + Epsilon) *
               parameter("weight", {features}, initial::constant(1)).no_weight_decay();
    }
};

inline constexpr rms_norm_layer<> rms_norm{};
template <double Epsilon> inline constexpr rms_norm_layer<Epsilon> rms_norm_with{};

}  // namespace tessera
