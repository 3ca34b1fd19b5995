// cbam<Ratio, K>: weighs the channels of an image, and then its positions.
//
//   in      x (positions..., C), one to three axes of positions
//   out     y like x
//
//   y = spatial_attention<K>(channel_attention<Ratio>(x))
//
// Options     with_bias: all three maps have one; with_batch_norm: see spatial_attention. The authors' code is
//             cbam<16, 7, with_batch_norm> with biases in the channel part alone.
// Parameters  those of the two, below their names.
// Gradient    exact.
// Cost        that of the two.
// Errors      compile time: those of the two.
// Source      Woo, Park, Lee, Kweon 2018, "CBAM: Convolutional Block Attention Module".
//
//     residual(conv<64, 3, same> >> batch_norm >> cbam<>)
#pragma once
#include <tessera/layers/attention/channel_attention.hpp>
#include <tessera/layers/attention/spatial_attention.hpp>

namespace tessera {

template <int Ratio = 16, int K = 7, class... Options>
struct cbam_layer : layer_base<cbam_layer<Ratio, K, Options...>> {
    static_assert((detail::is_option_of<Options, with_bias, with_batch_norm> && ...),
                  "cbam<Ratio, K, ...>: the options are with_bias and with_batch_norm");
    static constexpr std::string_view name = "cbam";
    static constexpr text describe() { return detail::written("cbam", {Ratio, K}); }

    constexpr value apply(value x) const {
        value y;
        if constexpr (detail::has_option<with_bias, Options...>)
            y = channel_attention<Ratio, with_bias>(x);
        else
            y = channel_attention<Ratio>(x);
        return y.valid() ? spatial_attention<K, Options...>(y) : y;
    }
};

template <int Ratio = 16, int K = 7, class... Options> inline constexpr cbam_layer<Ratio, K, Options...> cbam{};

}  // namespace tessera
