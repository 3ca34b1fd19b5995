// layer_norm: each position brought to mean 0 and variance 1 over its features.
//
//   in      x (..., C)
//   out     y (..., C)
//
//   y = (x - mean) / sqrt(variance + epsilon) weight + bias
//
// Options     layer_norm_over<Axes, Epsilon> normalises over the last Axes axes together; 1 and 1e-5.
// Parameters  weight (the extents normalised over), 1; bias (the same), 0; both spared by weight decay.
// Gradient    exact, through the statistics.
// Cost        four passes over x.
// Errors      compile time: Axes < 1, or more than the input has axes; Epsilon <= 0.
// Source      Ba, Kiros, Hinton 2016, "Layer Normalization".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/normalise.hpp>

namespace tessera {

template <int Axes = 1, double Epsilon = 1e-5> struct layer_norm_layer : layer_base<layer_norm_layer<Axes, Epsilon>> {
    static_assert(Axes >= 1 && Axes <= max_rank, "layer_norm_over<Axes>: Axes must be from 1 to 6");
    static_assert(Epsilon > 0, "layer_norm: Epsilon must be positive");
    static constexpr std::string_view name = "layer_norm";
    static constexpr text describe() {
        return Axes == 1 ? text(name) : text("layer_norm_over<") + Axes + std::string_view(">");
    }

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= Axes, (text("rank ") + Axes + std::string_view(" at least")).view())) return x;
        extents features;
        for (int a = x.rank() - Axes; a < x.rank(); ++a) features.push(x.extent(a));
        const unsigned mask = ((1u << Axes) - 1) << (x.rank() - Axes);
        const value y = detail::normalise(x, mask, false, Epsilon).y;
        return y * parameter("weight", features, initial::constant(1)).no_weight_decay() +
               parameter("bias", features).no_weight_decay();
    }
};

inline constexpr layer_norm_layer<> layer_norm{};
template <int Axes, double Epsilon = 1e-5> inline constexpr layer_norm_layer<Axes, Epsilon> layer_norm_over{};

}  // namespace tessera
