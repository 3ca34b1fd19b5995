#include <gtest/gtest.h>

#include <limits>
#include <tessera/error/error.hpp>
#include <tessera/io/picture/canvas.hpp>
#include <tessera/io/picture/draw_line.hpp>

namespace {

using tessera::canvas;
using tessera::rgb;
constexpr rgb white{255, 255, 255}, black{}, blue{10, 20, 200};

int count(const canvas& picture, rgb colour) {
    int sum = 0;
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) sum += picture.at(x, y) == colour ? 1 : 0;
    }
    return sum;
}

TEST(canvas, starts_in_its_background) {
    EXPECT_EQ(count(canvas(4, 3), white), 12);
    EXPECT_EQ(count(canvas(4, 3, blue), blue), 12);
    EXPECT_EQ(canvas(4, 3).bytes().size(), 36u);
}

TEST(canvas, fills_rectangles_and_cuts_them_off) {
    canvas picture(10, 8);
    picture.fill_rectangle(2, 3, 4, 2, blue);
    EXPECT_EQ(count(picture, blue), 8);
    EXPECT_EQ(picture.at(2, 3), blue);
    EXPECT_EQ(picture.at(5, 4), blue);
    EXPECT_EQ(picture.at(6, 4), white);
    picture.fill_rectangle(-5, -5, 100, 6, black);
    EXPECT_EQ(count(picture, black), 10);
    picture.set(10, 0, blue);
    picture.set(0, -1, blue);
    EXPECT_EQ(count(picture, blue), 8);
}

TEST(canvas, mixes_colours) {
    EXPECT_EQ(tessera::mix(black, white, 0.5), (rgb{128, 128, 128}));
    EXPECT_EQ(tessera::mix(white, blue, 0), white);
    EXPECT_EQ(tessera::mix(white, blue, 1), blue);
    EXPECT_EQ(tessera::mix(white, blue, 7), blue);
}

TEST(canvas, refuses_extents_that_make_no_picture) {
    EXPECT_THROW(canvas(0, 3), tessera::error);
    EXPECT_THROW(canvas(3, -1), tessera::error);
    EXPECT_THROW(canvas(16385, 1), tessera::error);
}

TEST(draw_line, covers_the_pixels_of_a_straight_line) {
    canvas picture(20, 10);
    tessera::detail::draw_line(picture, 3.5, 4.5, 12.5, 4.5, black, 1);
    for (int x = 3; x <= 12; ++x) EXPECT_EQ(picture.at(x, 4), black) << x;
    EXPECT_EQ(picture.at(8, 3), white);
    EXPECT_EQ(picture.at(8, 5), white);
    EXPECT_EQ(picture.at(14, 4), white);
}

TEST(draw_line, is_smooth_between_pixels_and_symmetric) {
    canvas picture(20, 20);
    tessera::detail::draw_line(picture, 3, 3, 17, 17, black, 2);
    int between = 0;
    for (int y = 0; y < 20; ++y) {
        for (int x = 0; x < 20; ++x) {
            EXPECT_EQ(picture.at(x, y), picture.at(y, x));
            between += picture.at(x, y) != white && picture.at(x, y) != black ? 1 : 0;
        }
    }
    EXPECT_GT(between, 10);
    EXPECT_EQ(picture.at(10, 10), black);
}

TEST(draw_line, outside_or_not_finite_draws_nothing) {
    canvas picture(5, 5);
    tessera::detail::draw_line(picture, -50, -50, -10, -60, black, 3);
    tessera::detail::draw_line(picture, 1e300, 1, 1e300, 2, black, 3);
    tessera::detail::draw_line(picture, 1, 1, std::numeric_limits<double>::quiet_NaN(), 2, black, 3);
    tessera::detail::draw_line(picture, 1, 1, std::numeric_limits<double>::infinity(), 2, black, 3);
    EXPECT_EQ(count(picture, white), 25);
}

}  // namespace
