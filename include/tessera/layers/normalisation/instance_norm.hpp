// instance_norm: each channel of a sample brought to mean 0 and variance 1 over its positions.
//
//   in      x (positions..., C)
//   out     y (positions..., C)
//
//   y = (x - mean) / sqrt(variance + epsilon) weight + bias
//
// Options     instance_norm_with<no_affine> leaves weight and bias out.
// Parameters  weight (C), 1; bias (C), 0; both spared by weight decay. Epsilon is 1e-5.
// Gradient    exact, through the statistics.
// Cost        four passes over x.
// Errors      compile time: an input of rank 0 or 1, which has no positions.
// Source      Ulyanov, Vedaldi, Lempitsky 2016, "Instance Normalization".
#pragma once
#include <tessera/ir/operations/normalise.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

struct no_affine {};

template <class... Options> struct instance_norm_layer : layer_base<instance_norm_layer<Options...>> {
    static_assert((detail::is_option_of<Options, no_affine> && ...),
                  "instance_norm_with<...>: the option is no_affine");
    static constexpr std::string_view name = "instance_norm";
    static constexpr double epsilon = 1e-5;

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 2, "(positions..., channels), rank 2 at least")) return x;
        const extents channels{x.extent(-1)};
        const value y = detail::normalise(x, leading.of(x.rank()), false, epsilon).y;
        if constexpr (detail::has_option<no_affine, Options...>)
            return y;
        else
            return y * parameter("weight", channels, initial::constant(1)).no_weight_decay() +
                   parameter("bias", channels).no_weight_decay();
    }
};

inline constexpr instance_norm_layer<> instance_norm{};
template <class... Options> inline constexpr instance_norm_layer<Options...> instance_norm_with{};

}  // namespace tessera
