// resize_bilinear<H, W>: an image of another size, linear between neighbouring pixels.
//
//   in      x (height, width, C)
//   out     y (H, W, C)
//
// Pixels are areas, whose borders stay: y[i] reads x at (i + 1/2) height / H - 1/2. With the option align_corners
// pixels are points, and the corner points stay: i (height - 1) / (H - 1).
// Parameters  none.
// Gradient    exact: the transposed map.
// Cost        two multiply-adds an element, for each axis.
// Errors      compile time: H or W < 1; an input that is not of rank 3.
#pragma once
#include <tessera/ir/operations/resample.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

struct align_corners {};

namespace detail {

template <class... Options> constexpr value resized_bilinear(value x, int height, int width) {
    constexpr auto kind = has_option<align_corners, Options...> ? resampling::linear_aligned : resampling::linear;
    return resample(resample(x, 0, height, kind), 1, width, kind);
}

}  // namespace detail

template <int H, int W, class... Options>
struct resize_bilinear_layer : layer_base<resize_bilinear_layer<H, W, Options...>> {
    static_assert((detail::is_option_of<Options, align_corners> && ...),
                  "resize_bilinear<H, W, ...>: the option is align_corners");
    static_assert(H >= 1 && W >= 1, "resize_bilinear<H, W>: both must be at least 1");
    static constexpr std::string_view name = "resize_bilinear";
    static constexpr text describe() {
        return text("resize_bilinear<") + H + std::string_view(", ") + W + std::string_view(">");
    }

    constexpr value apply(value x) const {
        if (!expects(x, rank == 3, "an image (height, width, channels)")) return x;
        return detail::resized_bilinear<Options...>(x, H, W);
    }
};

template <int H, int W, class... Options> inline constexpr resize_bilinear_layer<H, W, Options...> resize_bilinear{};

}  // namespace tessera
