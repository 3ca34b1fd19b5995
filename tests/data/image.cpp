#include <gtest/gtest.h>

#include <tessera/data/image.hpp>
#include <vector>

namespace {

using tessera::image;
using tessera::resized;

TEST(image, resizing_to_the_same_size_changes_nothing) {
    const image from{{2, 2, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
    EXPECT_EQ(resized(from, 2, 2).values, from.values);
}

TEST(image, resizing_interpolates_between_pixel_centres) {
    const image from{{1, 2, 1}, {0, 4}};
    // Centres of four pixels on two: -0.25 (the border), 0.25, 0.75, 1.25 (the border).
    EXPECT_EQ(resized(from, 1, 4).values, (std::vector<float>{0, 1, 3, 4}));
    EXPECT_EQ(resized(from, 1, 1).values, (std::vector<float>{2}));
    const image square{{2, 2, 1}, {0, 2, 4, 6}};
    EXPECT_EQ(resized(square, 1, 1).values, (std::vector<float>{3}));
    EXPECT_EQ(resized(square, 4, 1).values, (std::vector<float>{1, 2, 4, 5}));
}

TEST(image, resizing_keeps_a_constant_constant) {
    const image from{{3, 5, 2}, std::vector<float>(30, 0.25F)};
    const image to = resized(from, 7, 4);
    EXPECT_EQ(to.extents, (tessera::image_extents{7, 4, 2}));
    EXPECT_EQ(to.values, std::vector<float>(56, 0.25F));
}

}  // namespace
