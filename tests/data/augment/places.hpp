// places: where an augmentation takes the one bright pixel of an image of 3 x 5 that starts in its middle, at 7.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <tessera/data/image_extents.hpp>
#include <tessera/data/random_stream.hpp>
#include <vector>

namespace tests {

template <class Augmentation> std::set<std::ptrdiff_t> places(const Augmentation& move) {
    std::set<std::ptrdiff_t> seen;
    for (std::uint64_t sample = 0; sample < 400; ++sample) {
        std::vector<float> image(15);
        image[7] = 1;
        tessera::random_stream random(1, 0, sample);
        move(image, tessera::image_extents{3, 5, 1}, random);
        EXPECT_EQ(std::ranges::count(image, 1.0F), 1);
        seen.insert(std::ranges::find(image, 1.0F) - image.begin());
    }
    return seen;
}

}  // namespace tests
