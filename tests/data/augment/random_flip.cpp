#include <gtest/gtest.h>

#include <tessera/data/augment/random_flip.hpp>
#include <vector>

namespace {

using tessera::image_extents;
using tessera::random_flip;
using tessera::random_stream;

constexpr image_extents extents{2, 3, 2};
const std::vector<float> original{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

std::vector<float> flipped(random_flip flip) {
    std::vector<float> image = original;
    random_stream random(1);
    flip(image, extents, random);
    return image;
}

TEST(random_flip, mirrors_pixels_and_keeps_channels_in_order) {
    EXPECT_EQ(flipped({.horizontal = 1, .vertical = 0}), (std::vector<float>{5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8}));
    EXPECT_EQ(flipped({.horizontal = 0, .vertical = 1}), (std::vector<float>{7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(flipped({.horizontal = 1, .vertical = 1}), (std::vector<float>{11, 12, 9, 10, 7, 8, 5, 6, 3, 4, 1, 2}));
    EXPECT_EQ(flipped({.horizontal = 0, .vertical = 0}), original);
}

TEST(random_flip, happens_with_its_probability) {
    random_stream random(2);
    int count = 0;
    for (int i = 0; i < 10000; ++i) {
        std::vector<float> image = original;
        random_flip{.horizontal = 0.25F}(image, extents, random);
        count += image != original;
    }
    EXPECT_NEAR(count, 2500, 200);
}

}  // namespace
