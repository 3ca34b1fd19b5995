#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <tessera/io/picture/draw_text.hpp>
#include <tessera/io/picture/draw_title.hpp>

namespace {

using tessera::canvas;
using tessera::rgb;
using tessera::detail::text_anchor;
using tessera::detail::text_direction;
constexpr rgb white{255, 255, 255}, black{};

std::string dots(char c) {
    std::string text;
    for (int row = 0; row < tessera::detail::font::rows; ++row) {
        for (int column = 0; column < tessera::detail::font::columns; ++column) {
            text += tessera::detail::font::is_dot(c, column, row) ? '#' : '.';
        }
    }
    return text;
}

// Left, top, right, bottom of what is not white; all -1 when nothing is.
struct box {
    int left = -1, top = -1, right = -1, bottom = -1;
    friend bool operator==(const box&, const box&) = default;
};
box inked(const canvas& picture) {
    box found;
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            if (picture.at(x, y) == white) continue;
            found.left = found.left < 0 ? x : std::min(found.left, x);
            found.right = std::max(found.right, x);
            found.top = found.top < 0 ? y : found.top;
            found.bottom = y;
        }
    }
    return found;
}

TEST(font, glyphs_are_drawn_and_differ) {
    std::set<std::string> seen;
    for (char c = '!'; c <= '~'; ++c) {
        EXPECT_NE(dots(c).find('#'), std::string::npos) << c;
        if (c == 'O') continue;  // looks like 0
        EXPECT_TRUE(seen.insert(dots(c)).second) << c;
    }
    EXPECT_EQ(dots(' ').find('#'), std::string::npos);
    EXPECT_EQ(dots('\x01'), dots('\xff'));
    EXPECT_FALSE(seen.contains(dots('\x01')));
}

TEST(font, only_tails_go_below_the_base_line) {
    for (char c = ' '; c <= '~'; ++c) {
        const bool has_tail = std::string(",;_gjpqy").find(c) != std::string::npos;
        const bool below = dots(c).substr(5 * tessera::detail::font::base_line).find('#') != std::string::npos;
        EXPECT_EQ(below, has_tail) << c;
    }
}

TEST(draw_text, has_the_extent_that_it_announces) {
    for (const int size : {1, 2, 3}) {
        canvas picture(100, 40);
        tessera::detail::draw_text(picture, 5, 4, "HEH", {.colour = black, .size = size});
        EXPECT_EQ(inked(picture), (box{5, 4, 5 + tessera::detail::text_width("HEH", size) - 1, 4 + 7 * size - 1}));
    }
}

TEST(draw_text, anchors_at_the_middle_and_the_end) {
    canvas centred(100, 20), at_end(100, 20);
    tessera::detail::draw_text(centred, 50, 0, "HH", {.colour = black, .size = 1, .anchor = text_anchor::centre});
    tessera::detail::draw_text(at_end, 50, 0, "HH", {.colour = black, .size = 1, .anchor = text_anchor::end});
    EXPECT_EQ(inked(centred), (box{45, 0, 55, 6}));
    EXPECT_EQ(inked(at_end), (box{39, 0, 49, 6}));
}

TEST(draw_text, runs_upwards_as_the_same_text_turned) {
    canvas across(40, 40), up(40, 40);
    tessera::detail::draw_text(across, 3, 5, "Rag", {.colour = black, .size = 1});
    tessera::detail::draw_text(up, 5, 36, "Rag", {.colour = black, .size = 1, .direction = text_direction::up});
    for (int y = 0; y < 40; ++y) {
        for (int x = 3; x < 30; ++x) EXPECT_EQ(across.at(x, y), up.at(y, 35 - (x - 3))) << x << ' ' << y;
    }
}

TEST(draw_text, counts_characters_not_bytes) {
    EXPECT_EQ(tessera::detail::text_width("", 2), 0);
    EXPECT_EQ(tessera::detail::text_width("a", 2), 10);
    EXPECT_EQ(tessera::detail::text_width("\xc3\xa9t\xc3\xa9", 1), tessera::detail::text_width("ete", 1));
}

TEST(draw_text, shortens_what_is_too_wide) {
    EXPECT_EQ(tessera::detail::shortened("accuracy", 47, 1), "accuracy");
    EXPECT_EQ(tessera::detail::shortened("accuracy", 46, 1), "accur..");
    EXPECT_EQ(tessera::detail::shortened("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 18, 1), "\xc3\xa9..");
    EXPECT_EQ(tessera::detail::shortened("accuracy", 0, 1), "..");
    EXPECT_EQ(tessera::detail::shortened("\x80\x80\x80", 0, 1), "\x80\x80\x80");  // no character begins: no width
}

TEST(draw_title, shrinks_before_it_is_cut) {
    EXPECT_EQ(tessera::detail::title_space(""), 0);
    EXPECT_GT(tessera::detail::title_space("x"), tessera::detail::text_height(3));
    canvas large(200, 40), small(200, 40);
    tessera::detail::draw_title(large, 0, 0, "HHHH", 100);
    tessera::detail::draw_title(small, 0, 0, "HHHH", 50);
    EXPECT_EQ(inked(large).bottom, 7 * 3 - 1);
    EXPECT_EQ(inked(small).bottom, 7 * 2 - 1);
    EXPECT_LT(inked(small).right, 50);
}

}  // namespace
