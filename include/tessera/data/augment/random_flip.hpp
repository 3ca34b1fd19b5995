// random_flip: mirrors an image, left to right and top to bottom, each with a probability of its own.
//
//   random_flip{.horizontal = 0.5F, .vertical = 0.0F}
//
// Draws 2 numbers.
#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <tessera/data/image_extents.hpp>
#include <tessera/data/random_stream.hpp>

namespace tessera {

struct random_flip {
    float horizontal = 0.5F;
    float vertical = 0.0F;

    void operator()(std::span<float> image, const image_extents& extents, random_stream& random) const {
        const bool left_right = random.uniform() < horizontal;
        const bool top_bottom = random.uniform() < vertical;
        if (left_right) mirror_rows(image, extents);
        if (top_bottom) swap_rows(image, extents);
    }

  private:
    static void mirror_rows(std::span<float> image, const image_extents& extents) {
        const std::size_t c = extents.channels;
        for (std::size_t y = 0; y < extents.height; ++y) {
            const std::span<float> row = image.subspan(y * extents.width * c, extents.width * c);
            for (std::size_t x = 0; x < extents.width / 2; ++x) {
                const std::span<float> left = row.subspan(x * c, c);
                std::swap_ranges(left.begin(), left.end(), row.subspan((extents.width - 1 - x) * c, c).begin());
            }
        }
    }

    static void swap_rows(std::span<float> image, const image_extents& extents) {
        const std::size_t row = extents.width * extents.channels;
        for (std::size_t y = 0; y < extents.height / 2; ++y) {
            const std::span<float> top = image.subspan(y * row, row);
            std::swap_ranges(top.begin(), top.end(), image.subspan((extents.height - 1 - y) * row, row).begin());
        }
    }
};

}  // namespace tessera
