// published: what the convolutions of "Kolmogorov-Arnold Convolutions" are made of, beside kan_conv and its bases: the
// norm, the activations and the arguments that their authors give them. ka_convs.hpp says which has what.
#pragma once
#include <tessera/layers/kan/kan_conv.hpp>
#include <tessera/layers/normalisation/instance_norm.hpp>

namespace tessera {

namespace detail::kan {

// a leaky relu of one learnt slope
struct single_prelu_layer : layer_base<single_prelu_layer> {
    static constexpr std::string_view name = "prelu";
    constexpr value apply(value x) const {
        return maximum(x, 0) + minimum(x, 0) * parameter("slope", {1}, initial::constant(0.25)).no_weight_decay();
    }
};
inline constexpr single_prelu_layer single_prelu{};

// from the least element of a sample to the largest: -1 to 1
struct spread_layer : layer_base<spread_layer> {
    static constexpr std::string_view name = "spread";
    constexpr value apply(value x) const {
        const value least = min(x), range = max(x) - least;
        return (x - least) * (2 / maximum(range, 1e-12)) - 1;
    }
};
inline constexpr spread_layer spread{};

inline constexpr auto bounded = [](value x) { return tanh(x); };
inline constexpr auto as_it_is = [](value x) { return x; };

using plain_norm = normalised_by<instance_norm_with<no_affine>>;

template <int C, int K, class Basis, class... Options>
using published = kan_conv_layer<C, K, Basis, Options..., unscaled, zeros_after>;

}  // namespace detail::kan

}  // namespace tessera
