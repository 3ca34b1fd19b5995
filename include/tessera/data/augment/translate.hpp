// translate: moves the content of an image, in place.
//
//   y[i, j] = x[i - down, j - right], where x beyond its border is
//     border::constant   a fill value
//     border::edge       the nearest pixel
//     border::reflect    mirrored about the outermost pixel, which is not repeated
//
// Cost    one copy of the image.
#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <tessera/data/image_extents.hpp>
#include <vector>

namespace tessera {

enum class border { constant, edge, reflect };

namespace detail {

namespace augment_format {

// Where position `at`, perhaps outside 0 .. extent - 1, takes its value; negative: from the fill value.
inline std::ptrdiff_t source_position(std::ptrdiff_t at, std::ptrdiff_t extent, border beyond) {
    if (at >= 0 && at < extent) return at;
    if (beyond == border::constant) return -1;
    if (beyond == border::edge || extent == 1) return std::clamp<std::ptrdiff_t>(at, 0, extent - 1);
    const std::ptrdiff_t period = 2 * (extent - 1);
    const std::ptrdiff_t folded = (at % period + period) % period;
    return folded < extent ? folded : period - folded;
}

}  // namespace augment_format

}  // namespace detail

inline void translate(std::span<float> image, const image_extents& extents, std::ptrdiff_t down, std::ptrdiff_t right,
                      border beyond, float fill) {
    const std::vector<float> source(image.begin(), image.end());
    const auto height = static_cast<std::ptrdiff_t>(extents.height);
    const auto width = static_cast<std::ptrdiff_t>(extents.width);
    const auto channels = static_cast<std::ptrdiff_t>(extents.channels);
    auto out = image.begin();
    for (std::ptrdiff_t i = 0; i < height; ++i) {
        const std::ptrdiff_t y = detail::augment_format::source_position(i - down, height, beyond);
        for (std::ptrdiff_t j = 0; j < width; ++j, out += channels) {
            const std::ptrdiff_t x = detail::augment_format::source_position(j - right, width, beyond);
            if (y < 0 || x < 0)
                std::fill_n(out, channels, fill);
            else
                std::copy_n(source.begin() + (y * width + x) * channels, channels, out);
        }
    }
}

}  // namespace tessera
