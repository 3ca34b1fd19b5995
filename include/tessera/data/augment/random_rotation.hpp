// random_rotation: turns an image about its centre by an angle uniform in [-degrees, degrees].
//
// Each pixel is interpolated bilinearly between the four pixels around the place that it comes from; pixels outside the
// image count as `fill`. A positive angle turns counter-clockwise as seen, rows going down.
//
//   random_rotation{.degrees = 10}
//   rotate_image(image, extents, degrees, fill)   by a given angle
//
// Draws 1 number. Cost: one copy of the image, 4 reads a value.
#pragma once
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>
#include <tessera/data/image_extents.hpp>
#include <tessera/data/random_stream.hpp>
#include <vector>

namespace tessera {

inline void rotate_image(std::span<float> image, const image_extents& extents, float degrees, float fill) {
    const std::vector<float> source(image.begin(), image.end());
    const auto height = static_cast<std::ptrdiff_t>(extents.height), width = static_cast<std::ptrdiff_t>(extents.width);
    const auto pixel = [&](std::ptrdiff_t y, std::ptrdiff_t x, std::size_t c) {
        if (y < 0 || y >= height || x < 0 || x >= width) return fill;
        return source[static_cast<std::size_t>(y * width + x) * extents.channels + c];
    };
    const float angle = degrees * std::numbers::pi_v<float> / 180.0F;
    const float cosine = std::cos(angle), sine = std::sin(angle);
    const float middle_y = static_cast<float>(height - 1) / 2, middle_x = static_cast<float>(width - 1) / 2;
    auto out = image.begin();
    for (std::ptrdiff_t i = 0; i < height; ++i)
        for (std::ptrdiff_t j = 0; j < width; ++j) {
            const float v = static_cast<float>(i) - middle_y, u = static_cast<float>(j) - middle_x;
            const float y = middle_y + cosine * v + sine * u, x = middle_x + cosine * u - sine * v;
            const float top = std::floor(y), left = std::floor(x);
            const auto y0 = static_cast<std::ptrdiff_t>(top), x0 = static_cast<std::ptrdiff_t>(left);
            const float b = y - top, a = x - left;
            for (std::size_t c = 0; c < extents.channels; ++c)
                *out++ = (1 - b) * ((1 - a) * pixel(y0, x0, c) + a * pixel(y0, x0 + 1, c)) +
                         b * ((1 - a) * pixel(y0 + 1, x0, c) + a * pixel(y0 + 1, x0 + 1, c));
        }
}

struct random_rotation {
    float degrees = 10.0F;
    float fill = 0.0F;

    void operator()(std::span<float> image, const image_extents& extents, random_stream& random) const {
        rotate_image(image, extents, random.uniform(-degrees, degrees), fill);
    }
};

}  // namespace tessera
