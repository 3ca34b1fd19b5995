// random_crop: pads an image on every side and cuts a window of the original size out of it.
//
//   random_crop{.padding = 4, .beyond = border::reflect}
//
// Every position of the window is equally likely. The padding is `fill` with border::constant, the nearest pixel with
// border::edge, mirrored with border::reflect.
#pragma once
#include <cstddef>
#include <span>
#include <tessera/data/augment/translate.hpp>
#include <tessera/data/image_extents.hpp>
#include <tessera/data/random_stream.hpp>

namespace tessera {

struct random_crop {
    std::size_t padding = 4;
    border beyond = border::constant;
    float fill = 0.0F;

    void operator()(std::span<float> image, const image_extents& extents, random_stream& random) const {
        const auto most = static_cast<std::ptrdiff_t>(padding);
        const std::ptrdiff_t down = random.between(-most, most);
        const std::ptrdiff_t right = random.between(-most, most);
        translate(image, extents, down, right, beyond, fill);
    }
};

}  // namespace tessera
