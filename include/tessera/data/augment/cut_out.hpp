// cut_out: covers a random square of an image.
//
//   cut_out{.size = 8, .fill = 0.0F}
//
// The square's centre is any pixel with equal chance; what lies beyond the border is cut off, so the covered part may
// be smaller. An even square reaches one pixel further up and left than down and right.
//
// Source  DeVries, Taylor 2017, "Improved Regularization of Convolutional Neural Networks with Cutout".
#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <tessera/data/image_extents.hpp>
#include <tessera/data/random_stream.hpp>

namespace tessera {

struct cut_out {
    std::size_t size = 8;
    float fill = 0.0F;

    void operator()(std::span<float> image, const image_extents& extents, random_stream& random) const {
        const auto centre_y = static_cast<std::size_t>(random.below(extents.height));
        const auto centre_x = static_cast<std::size_t>(random.below(extents.width));
        const std::size_t left = start(centre_x), right = end(centre_x, extents.width);
        for (std::size_t y = start(centre_y); y < end(centre_y, extents.height); ++y)
            for (std::size_t x = left; x < right; ++x)
                std::ranges::fill(image.subspan((y * extents.width + x) * extents.channels, extents.channels), fill);
    }

  private:
    std::size_t start(std::size_t centre) const { return centre - std::min(centre, size / 2); }
    std::size_t end(std::size_t centre, std::size_t extent) const { return std::min(centre + (size + 1) / 2, extent); }
};

}  // namespace tessera
