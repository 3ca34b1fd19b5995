// pixel_shuffle<R>: groups of R^2 channels laid out as tiles of R by R pixels.
//
//   in      x (H, W, C R^2)
//   out     y (H R, W R, C)
//
//   y[h R + i, w R + j, c] = x[h, w, c R^2 + i R + j]
//
// Parameters  none.
// Gradient    exact: the inverse permutation.
// Cost        one copy.
// Errors      compile time: R < 1; an input that is not of rank 3; R^2 that does not divide the channels.
// Source      Shi et al. 2016, "Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel
//             Convolutional Neural Network".
#pragma once
#include <tessera/expression/layer.hpp>
#include <tessera/ir/operations/permute.hpp>

namespace tessera {

template <int R> struct pixel_shuffle_layer : layer_base<pixel_shuffle_layer<R>> {
    static_assert(R >= 1, "pixel_shuffle<R>: R must be at least 1");
    static constexpr std::string_view name = "pixel_shuffle";
    static constexpr text describe() { return text("pixel_shuffle<") + R + std::string_view(">"); }

    constexpr value apply(value x) const {
        if (!expects(x, rank == 3, "an image (height, width, channels)")) return x;
        const int h = x.extent(0), w = x.extent(1), c = x.extent(2) / (R * R);
        if (!expects(x, c * R * R == x.extent(2), (text("channels divisible by ") + R * R).view())) return x;
        const value tiles = permute(reshape(x, {h, w, c, R, R}), {0, 3, 1, 4, 2});  // (h, R, w, R, c)
        return reshape(tiles, {h * R, w * R, c});
    }
};

template <int R> inline constexpr pixel_shuffle_layer<R> pixel_shuffle{};

}  // namespace tessera
