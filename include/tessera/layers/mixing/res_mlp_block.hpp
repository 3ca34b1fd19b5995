// res_mlp_block<Hidden, LayerScale, options...>: a block of ResMLP: a map of the places, the same for each feature, and
// an MLP along the features, each between an affine map and a layer scale. There is no normalisation.
//
//   in      x (T, C)
//   out     y (T, C)
//
//   u = x + token_scale places(token_affine x)
//   y = u + channel_scale channel_out(gelu(channel_in(channel_affine u)))
//
// LayerScale  what both scales start at: 0.1 for 12 blocks, 1e-5 for 24, 1e-6 for 36.
// Options     activated_by<f>: gelu. paths_dropped<P>.
// Parameters  token_affine.weight, .bias (C); places.weight (T, T), .bias (T); token_scale.weight (C);
//             channel_affine.weight, .bias (C); channel_in.weight (C, Hidden), .bias; channel_out.weight (Hidden, C),
//             .bias; channel_scale.weight (C).
// Gradient    exact.
// Cost        T C (T + 2 Hidden) multiply-adds.
// Errors      compile time: Hidden < 1; an input of rank other than 2; other options.
// Source      Touvron et al. 2021, "ResMLP: Feedforward networks for image classification with data-efficient training".
//
//     struct net : network<(patch_embedding<64, 4> >> repeat<4>(res_mlp_block<256>) >> affine >>
//                           [](value x) { return mean(x, axes(0)); } >> dense<10>), shape<28, 28, 1>> {};
#pragma once
#include <tessera/layers/activation/gelu.hpp>
#include <tessera/layers/mixing/affine.hpp>
#include <tessera/layers/mixing/block_options.hpp>
#include <tessera/layers/mixing/layer_scale.hpp>

namespace tessera {

template <int Hidden, double LayerScale, class... Options>
struct res_mlp_block_layer : layer_base<res_mlp_block_layer<Hidden, LayerScale, Options...>> {
    static_assert(Hidden >= 1, "res_mlp_block<Hidden>: Hidden must be at least 1");
    static_assert(((detail::blocks::is_activation<Options> || detail::blocks::is_drop<Options>) && ...),
                  "res_mlp_block<...>: options are activated_by<> and paths_dropped<>");
    static constexpr std::string_view name = "res_mlp_block";
    static constexpr text describe() { return detail::written(name, {Hidden}); }

    constexpr value apply(value x) const {
        if (!expects(x, rank == 2, "a sequence (places, features)")) return x;
        const int places = x.extent(0), features = x.extent(1);
        value y = detail::call_in("token_affine", affine, x);
        y = detail::blocks::mapped_along_places("places", y, places);  // (T, C)
        x = detail::blocks::joined<Options...>(x, detail::call_in("token_scale", layer_scale<LayerScale>, y));
        y = detail::call_in("channel_affine", affine, x);
        y = detail::blocks::mapped("channel_in", y, Hidden);  // (T, Hidden)
        y = detail::blocks::activated<gelu, Options...>(y);
        y = detail::blocks::mapped("channel_out", y, features);  // (T, C)
        return detail::blocks::joined<Options...>(x, detail::call_in("channel_scale", layer_scale<LayerScale>, y));
    }
};

template <int Hidden, double LayerScale = 0.1, class... Options>
inline constexpr res_mlp_block_layer<Hidden, LayerScale, Options...> res_mlp_block{};

}  // namespace tessera
