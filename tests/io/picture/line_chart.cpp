#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <tessera/error/error.hpp>
#include <tessera/io/picture/line_chart.hpp>
#include <vector>

namespace {

using tessera::canvas;
using tessera::chart_line;
using tessera::line_chart;
using tessera::rgb;
namespace palette = tessera::detail::palette;

struct extent {
    int left = 1 << 20, right = -1, top = 1 << 20, bottom = -1;
    bool empty() const { return right < 0; }
};

// Where this colour is, below the legend.
extent where(const canvas& picture, rgb colour, int from_row) {
    extent found;
    for (int y = from_row; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            if (picture.at(x, y) != colour) continue;
            found = {std::min(found.left, x), std::max(found.right, x), std::min(found.top, y),
                     std::max(found.bottom, y)};
        }
    }
    return found;
}

constexpr int below_legend = 80;

line_chart rising_and_falling() {
    return {.title = "Title",
            .x_label = "x",
            .y_label = "y",
            .lines = {{"up", {0, 10}, {0, 1}}, {"down", {0, 10}, {1, 0}}}};
}

TEST(line_chart, draws_each_series_in_its_colour_over_the_whole_plot) {
    const canvas picture = rising_and_falling().draw();
    EXPECT_EQ(picture.width(), 900);
    EXPECT_EQ(picture.height(), 540);
    const extent up = where(picture, palette::series(0), below_legend),
                 down = where(picture, palette::series(1), below_legend);
    ASSERT_FALSE(up.empty());
    ASSERT_FALSE(down.empty());
    EXPECT_GT(up.right - up.left, 700);
    EXPECT_GT(up.bottom - up.top, 300);
    EXPECT_NEAR(up.left, down.left, 2);
    EXPECT_NEAR(up.bottom, down.bottom, 2);
}

TEST(line_chart, larger_values_are_higher) {
    line_chart chart;
    chart.lines = {{"", {0, 1}, {1, 1}}, {"", {0, 1}, {2, 2}}};
    const canvas picture = chart.draw();
    EXPECT_LT(where(picture, palette::series(1), 0).bottom, where(picture, palette::series(0), 0).top);
}

TEST(line_chart, points_that_are_not_finite_are_gaps) {
    const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
    line_chart chart;
    chart.lines = {{"", {0, 4, 5, 6, 10}, {1, 1, nan, 1, 1}}, {"", {0, 1}, {infinity, nan}}};
    const canvas picture = chart.draw();
    const extent line = where(picture, palette::series(0), 0);
    const int row = (line.top + line.bottom) / 2, middle = (line.left + line.right) / 2;
    EXPECT_NE(picture.at(middle, row), palette::series(0));
    EXPECT_EQ(picture.at(line.left + (line.right - line.left) / 5, row), palette::series(0));
    EXPECT_EQ(picture.at(line.left + (line.right - line.left) * 4 / 5, row), palette::series(0));
    EXPECT_TRUE(where(picture, palette::series(1), 0).empty());
}

TEST(line_chart, a_single_point_is_a_dot) {
    line_chart chart;
    chart.lines = {{"", {3}, {7}}};
    const extent dot = where(chart.draw(), palette::series(0), 0);
    ASSERT_FALSE(dot.empty());
    EXPECT_LT(dot.right - dot.left, 10);
}

TEST(line_chart, no_data_leaves_axes) {
    const canvas picture = line_chart{}.draw();
    EXPECT_FALSE(where(picture, palette::frame, 0).empty());
}

TEST(line_chart, nothing_touches_the_edge) {
    line_chart chart = rising_and_falling();
    chart.title = std::string(200, 'W');
    chart.x_label = chart.y_label = std::string(100, 'W');
    chart.lines[0].name = std::string(300, 'W');
    chart.lines[0].y = {-123456, 1e7};
    const canvas picture = chart.draw();
    for (int x = 0; x < picture.width(); ++x) {
        ASSERT_EQ(picture.at(x, 0), palette::paper);
        ASSERT_EQ(picture.at(x, picture.height() - 1), palette::paper);
    }
    for (int y = 0; y < picture.height(); ++y) {
        ASSERT_EQ(picture.at(0, y), palette::paper);
        ASSERT_EQ(picture.at(picture.width() - 1, y), palette::paper);
    }
}

TEST(line_chart, refuses_what_cannot_be_drawn) {
    line_chart chart = rising_and_falling();
    chart.lines[1].y.pop_back();
    try {
        chart.draw();
        FAIL();
    } catch (const tessera::error& e) {
        EXPECT_STREQ(e.what(), "line_chart: line 'down': expected 2 values of y, found 1");
    }
    chart = rising_and_falling();
    chart.width = 150;
    EXPECT_THROW(chart.draw(), tessera::error);
    chart.width = 0;
    EXPECT_THROW(chart.draw(), tessera::error);
    chart = rising_and_falling();
    chart.lines[0].y[0] = -1.7e308;
    EXPECT_THROW(chart.draw(), tessera::error);
    chart = rising_and_falling();
    chart.lines.resize(400, chart_line{"name", {}, {}});
    EXPECT_THROW(chart.draw(), tessera::error);
}

}  // namespace
