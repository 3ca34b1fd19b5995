#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tessera/error/error.hpp>
#include <tessera/io/picture/image_grid.hpp>
#include <vector>

namespace {

using tessera::canvas;
using tessera::image_grid;
using tessera::rgb;

// Left edge and row of the first pixel of this colour.
struct spot {
    int x = -1, y = -1;
};
spot first(const canvas& picture, rgb colour) {
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            if (picture.at(x, y) == colour) return {x, y};
        }
    }
    return {};
}

TEST(image_grid, enlarges_pixels_to_squares) {
    const std::vector<float> pixels{0.2f, 0.4f, 0.6f, 1.0f, 0.0f, 0.5f};
    image_grid grid{.height = 2, .width = 3, .channels = 1, .enlarged = 5};
    grid.tiles.push_back({pixels, {}});
    const canvas picture = grid.draw();
    const spot corner = first(picture, {51, 51, 51});
    ASSERT_GE(corner.x, 0);
    const int levels[2][3] = {{51, 102, 153}, {255, 0, 128}};
    for (int y = 0; y < 10; ++y) {
        for (int x = 0; x < 15; ++x) {
            const auto level = static_cast<std::uint8_t>(levels[y / 5][x / 5]);
            ASSERT_EQ(picture.at(corner.x + x, corner.y + y), (rgb{level, level, level})) << x << ' ' << y;
        }
    }
}

TEST(image_grid, draws_colours_and_cuts_values_off) {
    const std::vector<float> pixels{1, 0, 0, -3, 9, 0.5f, std::nanf(""), 0, 0};
    image_grid grid{.height = 1, .width = 3, .channels = 3, .enlarged = 1};
    grid.tiles.push_back({pixels, {}});
    const canvas picture = grid.draw();
    const spot at = first(picture, {255, 0, 0});
    ASSERT_GE(at.x, 0);
    EXPECT_EQ(picture.at(at.x + 1, at.y), (rgb{0, 255, 128}));
    EXPECT_EQ(picture.at(at.x + 2, at.y), (rgb{220, 30, 30}));
}

TEST(image_grid, maps_low_to_black_and_high_to_white) {
    const std::vector<float> pixels{-1, 0, 1};
    image_grid grid{.height = 1, .width = 3, .enlarged = 1, .low = -1, .high = 1};
    grid.tiles.push_back({pixels, {}});
    const canvas picture = grid.draw();
    const spot at = first(picture, {0, 0, 0});
    ASSERT_GE(at.x, 0);
    EXPECT_EQ(picture.at(at.x + 1, at.y), (rgb{128, 128, 128}));
    EXPECT_EQ(picture.at(at.x + 2, at.y), (rgb{255, 255, 255}));
}

TEST(image_grid, tiles_widen_for_captions_and_wrap_into_rows) {
    const std::vector<float> pixels(4);
    const auto draw = [&pixels](int count, const std::string& caption) {
        image_grid grid{.height = 2, .width = 2, .columns = 2, .enlarged = 10};
        grid.tiles.assign(static_cast<std::size_t>(count), {pixels, {caption}});
        return grid.draw();
    };
    EXPECT_EQ(draw(1, "true Shirt").width(), tessera::detail::text_width("true Shirt", 2) + 36);
    EXPECT_EQ(draw(2, "a").width(), 20 * 2 + 16 + 36);
    EXPECT_EQ(draw(2, "a").width(), draw(3, "a").width());
    EXPECT_EQ(draw(1, "a").height(), draw(2, "a").height());
    EXPECT_GT(draw(3, "a").height(), draw(2, "a").height() + 20);
}

TEST(image_grid, draws_captions_in_their_colour) {
    const std::vector<float> pixels(4);
    image_grid grid{.height = 2, .width = 2};
    grid.tiles.push_back({pixels, {"true Shirt", "given Coat"}, {1, 2, 3}});
    EXPECT_GE(first(grid.draw(), {1, 2, 3}).y, 18 + 8);
    grid.tiles.clear();
    EXPECT_GT(grid.draw().width(), 0);
}

TEST(image_grid, refuses_what_cannot_be_drawn) {
    const std::vector<float> pixels(783);
    image_grid grid;
    grid.tiles.push_back({pixels, {}});
    try {
        grid.draw();
        FAIL();
    } catch (const tessera::error& e) {
        EXPECT_STREQ(e.what(), "image_grid: tile 0: expected 784 values, found 783");
    }
    EXPECT_THROW((image_grid{.channels = 2}.draw()), tessera::error);
    EXPECT_THROW((image_grid{.height = 0}.draw()), tessera::error);
    EXPECT_THROW((image_grid{.columns = 0}.draw()), tessera::error);
    EXPECT_THROW((image_grid{.enlarged = 2'000'000'000}.draw()), tessera::error);
    EXPECT_THROW((image_grid{.low = 1, .high = 1}.draw()), tessera::error);
    const std::vector<float> large(1000 * 1000);
    image_grid page{.height = 1000, .width = 1000, .columns = 1, .enlarged = 1};
    page.tiles.assign(17, {large, {}});
    EXPECT_THROW(page.draw(), tessera::error);
}

}  // namespace
