// random_noise: adds normal noise of mean 0 to every value.
//
//   random_noise{.deviation = 0.05F}
//
// Values may leave [0, 1]. Draws 4 numbers a value.
#pragma once
#include <span>
#include <tessera/data/image_extents.hpp>
#include <tessera/data/random_stream.hpp>

namespace tessera {

struct random_noise {
    float deviation = 0.1F;

    void operator()(std::span<float> image, const image_extents&, random_stream& random) const {
        for (float& value : image) value += deviation * static_cast<float>(random.normal());
    }
};

}  // namespace tessera
