#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <tessera/data/augment/cut_out.hpp>
#include <vector>

namespace {

constexpr tessera::image_extents extents{6, 8, 2};

std::vector<float> cut(tessera::cut_out hole, std::uint64_t sample) {
    std::vector<float> image(extents.size(), 1.0F);
    tessera::random_stream random(1, 0, sample);
    hole(image, extents, random);
    return image;
}

TEST(cut_out, covers_a_rectangle_no_larger_than_the_square) {
    std::set<std::ptrdiff_t> sizes;
    for (std::uint64_t sample = 0; sample < 300; ++sample) {
        const std::vector<float> image = cut({.size = 3, .fill = -1}, sample);
        std::set<std::size_t> rows, columns;
        for (std::size_t i = 0; i < image.size(); ++i)
            if (image[i] == -1) {
                rows.insert(i / 16);
                columns.insert(i % 16 / 2);
            }
        const auto covered = std::ranges::count(image, -1.0F);
        EXPECT_EQ(static_cast<std::size_t>(covered), rows.size() * columns.size() * 2);
        EXPECT_EQ(*rows.rbegin() - *rows.begin() + 1, rows.size());
        EXPECT_EQ(*columns.rbegin() - *columns.begin() + 1, columns.size());
        sizes.insert(covered);
    }
    EXPECT_EQ(sizes, (std::set<std::ptrdiff_t>{8, 12, 18}));  // in a corner, at an edge, inside
}

TEST(cut_out, covers_all_or_nothing) {
    EXPECT_EQ(cut({.size = 16, .fill = 0}, 1), std::vector<float>(extents.size(), 0.0F));
    EXPECT_EQ(cut({.size = 0, .fill = 0}, 1), std::vector<float>(extents.size(), 1.0F));
}

}  // namespace
