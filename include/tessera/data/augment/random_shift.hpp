// random_shift: moves an image by a random whole number of pixels.
//
//   random_shift{.rows = 2, .columns = 2, .fill = 0.0F}   down or up by at most `rows`, right or left by `columns`
//
// Each distance is equally likely; uncovered pixels get `fill`.
#pragma once
#include <cstddef>
#include <span>
#include <tessera/data/augment/translate.hpp>
#include <tessera/data/image_extents.hpp>
#include <tessera/data/random_stream.hpp>

namespace tessera {

struct random_shift {
    std::size_t rows = 0;
    std::size_t columns = 0;
    float fill = 0.0F;

    void operator()(std::span<float> image, const image_extents& extents, random_stream& random) const {
        const auto most_down = static_cast<std::ptrdiff_t>(rows);
        const auto most_right = static_cast<std::ptrdiff_t>(columns);
        const std::ptrdiff_t down = random.between(-most_down, most_down);
        const std::ptrdiff_t right = random.between(-most_right, most_right);
        translate(image, extents, down, right, border::constant, fill);
    }
};

}  // namespace tessera
