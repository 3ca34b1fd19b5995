// binary_conv<C, K>: a convolution whose weights are a sign and a scale for each channel.
//
//   in      x (spatial..., I), one to three spatial axes
//   out     y (spatial'..., C)
//
//   y = convolution(x, sign(weight)) alpha + bias,   alpha = mean |weight| of the channel
//
// Options     as of conv: kernel<...>, stride, dilation, groups<G>, same, pad<P>, no_bias.
// Parameters  weight (kernel..., I / G, C), real, Kaiming; bias (C), zero.
// Gradient    that of signs weights, see weights.hpp; to x exact.
// Cost        that of conv.
// Errors      compile time: as conv.
// Source      Rastegari, Ordonez, Redmon, Farhadi 2016, "XNOR-Net", section 3.1.
//
//     struct net : network<(conv<16, 3> >> relu >> binary_conv<16, 3> >> batch_norm >> relu >> ...), shape<28, 28, 1>> {};
#pragma once
#include <tessera/layers/binary/weights.hpp>

namespace tessera {

template <int C, int K, class... Options> struct binary_conv_layer : layer_base<binary_conv_layer<C, K, Options...>> {
    static_assert(C >= 1 && K >= 1, "binary_conv<C, K>: both must be at least 1");
    static_assert(detail::window_options_only<Options...> && detail::has_one_padding<Options...> &&
                      detail::has_none<detail::layer_options::role::growth, Options...> &&
                      detail::has_none<detail::layer_options::role::counting, Options...>,
                  "binary_conv<C, K, ...>: options are stride<>, same, pad<>, groups<>, ..., as of conv");
    static constexpr std::string_view name = "binary_conv";
    static constexpr text describe() { return detail::written(name, {C, K}); }

    constexpr value apply(value x) const {
        return detail::stepped_convolution<detail::to_signs, Options...>(x, C,
                                                                         detail::window_options_of<K, Options...>());
    }
};

template <int C, int K, class... Options> inline constexpr binary_conv_layer<C, K, Options...> binary_conv{};

}  // namespace tessera
