// mixer_block<TokenHidden, ChannelHidden, options...>: a block of the MLP-Mixer: an MLP along the places, the same for
// each feature, and one along the features, the same for each place.
//
//   in      x (T, C)
//   out     y (T, C)
//
//   u = x + token_out(gelu(token_in(norm x)))           along places
//   y = u + channel_out(gelu(channel_in(norm u)))       along features
//
// Options     activated_by<f>: gelu; the authors' code takes gelu_tanh. norm_epsilon<E>: 1e-6. paths_dropped<P>.
// Parameters  token_norm.weight, .bias (C); token_in.weight (T, TokenHidden), .bias; token_out.weight (TokenHidden, T),
//             .bias; channel_norm.weight, .bias (C); channel_in.weight (C, ChannelHidden), .bias; channel_out.weight
//             (ChannelHidden, C), .bias. Kaiming; norms 1 and 0, biases 0.
// Gradient    exact.
// Cost        2 T C (TokenHidden + ChannelHidden) multiply-adds.
// Errors      compile time: a hidden width < 1; an input of rank other than 2; other options.
// Source      Tolstikhin et al. 2021, "MLP-Mixer: An all-MLP Architecture for Vision".
//
//     struct net : network<(patch_embedding<64, 4> >> repeat<4>(mixer_block<32, 256>) >> layer_norm >>
//                           [](value x) { return mean(x, axes(0)); } >> dense<10>), shape<28, 28, 1>> {};
#pragma once
#include <tessera/layers/activation/gelu.hpp>
#include <tessera/layers/mixing/block_options.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>

namespace tessera {

template <int TokenHidden, int ChannelHidden, class... Options>
struct mixer_block_layer : layer_base<mixer_block_layer<TokenHidden, ChannelHidden, Options...>> {
    static_assert(TokenHidden >= 1 && ChannelHidden >= 1, "mixer_block<TokenHidden, ChannelHidden>: both at least 1");
    static_assert(((detail::blocks::is_activation<Options> || detail::blocks::is_epsilon<Options> ||
                    detail::blocks::is_drop<Options>) &&
                   ...),
                  "mixer_block<...>: options are activated_by<>, norm_epsilon<> and paths_dropped<>");
    static constexpr std::string_view name = "mixer_block";
    static constexpr text describe() { return detail::written(name, {TokenHidden, ChannelHidden}); }

    constexpr value apply(value x) const {
        if (!expects(x, rank == 2, "a sequence (places, features)")) return x;
        const int places = x.extent(0), features = x.extent(1);
        value y = detail::call_in("token_norm", norm, x);
        y = detail::blocks::mapped_along_places("token_in", y, TokenHidden);  // (TokenHidden, C)
        y = detail::blocks::activated<gelu, Options...>(y);
        x = detail::blocks::joined<Options...>(x, detail::blocks::mapped_along_places("token_out", y, places));
        y = detail::call_in("channel_norm", norm, x);
        y = detail::blocks::mapped("channel_in", y, ChannelHidden);  // (T, ChannelHidden)
        y = detail::blocks::activated<gelu, Options...>(y);
        return detail::blocks::joined<Options...>(x, detail::blocks::mapped("channel_out", y, features));  // (T, C)
    }

  private:
    static constexpr layer_norm_layer<1, detail::blocks::epsilon<Options...>> norm{};
};

template <int TokenHidden, int ChannelHidden, class... Options>
inline constexpr mixer_block_layer<TokenHidden, ChannelHidden, Options...> mixer_block{};

}  // namespace tessera
