// upsample_bilinear<F>: an image F times as high and as wide, linear between neighbouring pixels.
//
//   in      x (height, width, C)
//   out     y (F height, F width, C)
//
// Options     align_corners, as for resize_bilinear, which takes sizes.
// Parameters  none.
// Gradient    exact: the transposed map.
// Cost        two multiply-adds an element, for each axis.
// Errors      compile time: F < 1; an input that is not of rank 3.
#pragma once
#include <tessera/layers/resampling/resize_bilinear.hpp>

namespace tessera {

template <int F, class... Options> struct upsample_bilinear_layer : layer_base<upsample_bilinear_layer<F, Options...>> {
    static_assert((detail::is_option_of<Options, align_corners> && ...),
                  "upsample_bilinear<F, ...>: the option is align_corners");
    static_assert(F >= 1, "upsample_bilinear<F>: F must be at least 1");
    static constexpr std::string_view name = "upsample_bilinear";
    static constexpr text describe() { return text("upsample_bilinear<") + F + std::string_view(">"); }

    constexpr value apply(value x) const {
        if (!expects(x, rank == 3, "an image (height, width, channels)")) return x;
        return detail::resized_bilinear<Options...>(x, F * x.extent(0), F * x.extent(1));
    }
};

template <int F, class... Options> inline constexpr upsample_bilinear_layer<F, Options...> upsample_bilinear{};

}  // namespace tessera
