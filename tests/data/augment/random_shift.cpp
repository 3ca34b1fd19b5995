#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <tessera/data/augment/random_shift.hpp>
#include <vector>

namespace {

constexpr tessera::image_extents extents{3, 5, 1};

// The single bright pixel starts in the middle, at position 7.
std::vector<float> point() {
    std::vector<float> image(15);
    image[7] = 1;
    return image;
}

template <class Augmentation> std::set<std::ptrdiff_t> places(const Augmentation& move) {
    std::set<std::ptrdiff_t> seen;
    for (std::uint64_t sample = 0; sample < 400; ++sample) {
        std::vector<float> image = point();
        tessera::random_stream random(1, 0, sample);
        move(image, extents, random);
        EXPECT_EQ(std::ranges::count(image, 1.0F), 1);
        seen.insert(std::ranges::find(image, 1.0F) - image.begin());
    }
    return seen;
}

TEST(random_shift, reaches_every_place_in_its_range_and_no_other) {
    EXPECT_EQ(places(tessera::random_shift{.rows = 0, .columns = 2}), (std::set<std::ptrdiff_t>{5, 6, 7, 8, 9}));
    EXPECT_EQ(places(tessera::random_shift{.rows = 1, .columns = 0}), (std::set<std::ptrdiff_t>{2, 7, 12}));
    EXPECT_EQ(places(tessera::random_shift{}), (std::set<std::ptrdiff_t>{7}));
}

}  // namespace
