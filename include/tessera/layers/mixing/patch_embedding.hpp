// patch_embedding<D, Patch>: an image cut into square patches, each mapped to D features: the tokens of a vision
// transformer or mixer.
//
//   in      x (H, W, C)
//   out     y (H / Patch * W / Patch, D), patches in rows from the upper left
//
//   y[p] = sum over rows r, columns c and channels i of patch p: x[r, c, i] weight[r, c, i] + bias
//
// It is a convolution whose stride is its kernel.
// Parameters  weight (Patch, Patch, C, D), normal with deviation 1 / sqrt(Patch^2 C); bias (D), zero. Options: no_bias.
// Gradient    exact.
// Cost        H W C D multiply-adds.
// Errors      compile time: D < 1, Patch < 1; an input of rank other than 3; an image that patches do not fill.
// Source      Dosovitskiy et al. 2021, "An Image is Worth 16x16 Words".
//
//     inline constexpr auto tokens = patch_embedding<192, 16> >> class_token >> learnt_positions;   // (197, 192)
#pragma once
#include <tessera/ir/operations/convolution.hpp>
#include <tessera/ir/operations/reshape.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

template <int D, int Patch, class... Options>
struct patch_embedding_layer : layer_base<patch_embedding_layer<D, Patch, Options...>> {
    static_assert(D >= 1 && Patch >= 1, "patch_embedding<D, Patch>: both must be at least 1");
    static_assert((std::is_same_v<Options, no_bias> && ...), "patch_embedding<D, Patch, ...>: the option is no_bias");
    static constexpr std::string_view name = "patch_embedding";
    static constexpr text describe() { return detail::written(name, {D, Patch}); }

    constexpr value apply(value x) const {
        if (!expects(x, rank == 3, "an image (height, width, channels)")) return x;
        const int height = x.extent(0), width = x.extent(1), channels = x.extent(2);
        if (!expects(x, height % Patch == 0 && width % Patch == 0,
                     (text("an image of whole patches of ") + Patch + " by " + Patch).view()))
            return x;
        const detail::window w = detail::window_options_of<Patch, stride<Patch>>().on(x.shape(), 2);
        const double deviation = initial::root_per_fan(1, Patch * Patch * channels);
        const value y =
            reshape(convolution(x, parameter("weight", {Patch, Patch, channels, D}, initial::normal(deviation)), w, 1),
                    {-1, D});
        if constexpr (detail::has_option<no_bias, Options...>)
            return y;
        else
            return y + parameter("bias", {D}).no_weight_decay();  // (places, D)
    }
};
template <int D, int Patch, class... Options>
inline constexpr patch_embedding_layer<D, Patch, Options...> patch_embedding{};

}  // namespace tessera
