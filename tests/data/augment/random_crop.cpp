#include "places.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <set>
#include <tessera/data/augment/random_crop.hpp>
#include <vector>

namespace {

constexpr tessera::image_extents extents{3, 5, 1};

TEST(random_crop, reaches_every_window_of_the_padded_image) {
    EXPECT_EQ(tests::places(tessera::random_crop{.padding = 1}),
              (std::set<std::ptrdiff_t>{1, 2, 3, 6, 7, 8, 11, 12, 13}));
}

TEST(random_crop, pads_as_told) {
    for (std::uint64_t sample = 0; sample < 50; ++sample) {
        std::vector<float> image(15, 2.0F);
        tessera::random_stream random(1, 0, sample);
        tessera::random_crop{.padding = 4, .beyond = tessera::border::reflect}(image, extents, random);
        EXPECT_EQ(image, std::vector<float>(15, 2.0F));
    }
}

}  // namespace
