#include <gtest/gtest.h>

#include <tessera/data/augment/translate.hpp>
#include <vector>

namespace {

using tessera::border;

std::vector<float> moved(std::vector<float> image, tessera::image_extents extents, std::ptrdiff_t down,
                         std::ptrdiff_t right, border beyond) {
    tessera::translate(image, extents, down, right, beyond, 9);
    return image;
}

TEST(translate, fills_uncovered_pixels) {
    const std::vector<float> image{1, 2, 3, 4, 5, 6};
    EXPECT_EQ(moved(image, {2, 3, 1}, 0, 1, border::constant), (std::vector<float>{9, 1, 2, 9, 4, 5}));
    EXPECT_EQ(moved(image, {2, 3, 1}, -1, 0, border::constant), (std::vector<float>{4, 5, 6, 9, 9, 9}));
    EXPECT_EQ(moved(image, {1, 3, 2}, 0, -1, border::constant), (std::vector<float>{3, 4, 5, 6, 9, 9}));
    EXPECT_EQ(moved(image, {2, 3, 1}, 5, 0, border::constant), std::vector<float>(6, 9));
    EXPECT_EQ(moved(image, {2, 3, 1}, 0, 0, border::constant), image);
}

TEST(translate, repeats_the_edge_or_mirrors_about_it) {
    const std::vector<float> image{1, 2, 3, 4};
    EXPECT_EQ(moved(image, {1, 4, 1}, 0, 2, border::edge), (std::vector<float>{1, 1, 1, 2}));
    EXPECT_EQ(moved(image, {1, 4, 1}, 0, -2, border::edge), (std::vector<float>{3, 4, 4, 4}));
    EXPECT_EQ(moved(image, {1, 4, 1}, 0, 2, border::reflect), (std::vector<float>{3, 2, 1, 2}));
    EXPECT_EQ(moved(image, {4, 1, 1}, -2, 0, border::reflect), (std::vector<float>{3, 4, 3, 2}));
    EXPECT_EQ(moved(image, {1, 4, 1}, 0, 6, border::reflect), image);  // a whole period
    EXPECT_EQ(moved({5}, {1, 1, 1}, 3, -3, border::reflect), (std::vector<float>{5}));
}

}  // namespace
