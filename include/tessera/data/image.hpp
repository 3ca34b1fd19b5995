// image: one picture, (H, W, C) with values in [0, 1], its bilinear resizing and its turning.
//
//   resized(picture, height, width)   pixel centres at i + 1/2; beyond the border the border's pixel is used
//   upright(picture, orientation)     turned and mirrored as EXIF's orientation 1 to 8 asks
//
// Cost    of resized: 4 reads a value. Shrinking far below half the size aliases: no filter is applied.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tessera/data/image_extents.hpp>
#include <vector>

namespace tessera {

struct image {
    image_extents extents;
    std::vector<float> values;
};

namespace detail {

namespace image_format {

// Where target position `i` falls on an axis: between sources `low` and `high`, `weight` of the latter.
struct sample_point {
    std::size_t low, high;
    float weight;

    sample_point(std::size_t i, std::size_t target, std::size_t source) {
        const double scale = static_cast<double>(source) / static_cast<double>(target);
        const double centre = (static_cast<double>(i) + 0.5) * scale - 0.5;
        const double at = std::clamp(centre, 0.0, static_cast<double>(source - 1));
        low = static_cast<std::size_t>(at);
        high = std::min(low + 1, source - 1);
        weight = static_cast<float>(at - static_cast<double>(low));
    }
};

}  // namespace image_format

}  // namespace detail

inline image resized(const image& from, std::size_t height, std::size_t width) {
    const std::size_t channels = from.extents.channels;
    image to{{height, width, channels}, std::vector<float>(height * width * channels)};
    const auto source = [&](std::size_t y, std::size_t x) {
        return from.values.data() + (y * from.extents.width + x) * channels;
    };
    float* out = to.values.data();
    for (std::size_t i = 0; i < height; ++i) {
        const detail::image_format::sample_point y(i, height, from.extents.height);
        for (std::size_t j = 0; j < width; ++j) {
            const detail::image_format::sample_point x(j, width, from.extents.width);
            const float *a = source(y.low, x.low), *b = source(y.low, x.high);
            const float *c = source(y.high, x.low), *d = source(y.high, x.high);
            for (std::size_t k = 0; k < channels; ++k) {
                const float top = a[k] + x.weight * (b[k] - a[k]);
                const float bottom = c[k] + x.weight * (d[k] - c[k]);
                *out++ = top + y.weight * (bottom - top);
            }
        }
    }
    return to;
}

inline image upright(image from, int orientation) {
    if (orientation < 2 || orientation > 8) return from;
    const std::size_t rows = from.extents.height, columns = from.extents.width, channels = from.extents.channels;
    const bool swapped = orientation >= 5;  // rows become columns
    const bool from_below = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    const bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    image to{{swapped ? columns : rows, swapped ? rows : columns, channels}, {}};
    to.values.reserve(from.values.size());
    for (std::size_t i = 0; i < to.extents.height; ++i)
        for (std::size_t j = 0; j < to.extents.width; ++j) {
            const std::size_t y = swapped ? j : i, x = swapped ? i : j;
            const std::size_t row = from_below ? rows - 1 - y : y, column = from_right ? columns - 1 - x : x;
            const float* const pixel = from.values.data() + (row * columns + column) * channels;
            to.values.insert(to.values.end(), pixel, pixel + channels);
        }
    return to;
}

}  // namespace tessera
