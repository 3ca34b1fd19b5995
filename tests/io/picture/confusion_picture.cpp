#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <tessera/error/error.hpp>
#include <tessera/io/picture/confusion_picture.hpp>
#include <vector>

namespace {

using tessera::canvas;
using tessera::confusion_matrix;
using tessera::rgb;
namespace palette = tessera::detail::palette;
using names = std::vector<std::string>;
using labels = std::vector<std::int32_t>;

int count(const canvas& picture, rgb colour) {
    int sum = 0;
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) sum += picture.at(x, y) == colour ? 1 : 0;
    }
    return sum;
}

TEST(confusion_picture, right_is_blue_and_wrong_is_orange) {
    confusion_matrix right(2), wrong(2), empty(2);
    right.add(labels{0, 1}, labels{0, 1});
    wrong.add(labels{0, 1}, labels{1, 0});
    const names both{"cat", "dog"};
    const canvas good = confusion_picture(right, both), bad = confusion_picture(wrong, both);
    EXPECT_GT(count(good, palette::good), 2000);
    EXPECT_EQ(count(good, palette::bad), 0);
    EXPECT_GT(count(bad, palette::bad), 2000);
    EXPECT_EQ(count(bad, palette::good), 0);
    EXPECT_EQ(count(confusion_picture(empty, both), palette::good), 0);
}

TEST(confusion_picture, a_row_is_coloured_by_its_shares) {
    confusion_matrix confusion(2);
    confusion.add(labels{0, 0, 0, 0, 1}, labels{0, 0, 0, 1, 1});
    const canvas picture = confusion_picture(confusion, names{"a", "b"});
    EXPECT_GT(count(picture, mix(palette::paper, palette::good, 0.06 + 0.94 * 0.75)), 1000);
    EXPECT_GT(count(picture, mix(palette::paper, palette::bad, 0.06 + 0.94 * 0.25)), 1000);
    EXPECT_GT(count(picture, palette::good), 1000);
}

TEST(confusion_picture, long_names_run_up_and_nothing_touches_the_edge) {
    confusion_matrix confusion(3);
    const names long_names{std::string(60, 'W'), "Ankle boot", ""};
    const canvas picture = confusion_picture(confusion, long_names, std::string(90, 'W'));
    const canvas narrow = confusion_picture(confusion, names{"a", "b", "c"});
    EXPECT_GT(picture.height(), narrow.height() + 100);
    for (int x = 0; x < picture.width(); ++x) {
        ASSERT_EQ(picture.at(x, 0), palette::paper);
        ASSERT_EQ(picture.at(x, picture.height() - 1), palette::paper);
    }
    for (int y = 0; y < picture.height(); ++y) {
        ASSERT_EQ(picture.at(0, y), palette::paper);
        ASSERT_EQ(picture.at(picture.width() - 1, y), palette::paper);
    }
}

TEST(confusion_picture, cells_grow_with_their_numbers) {
    confusion_matrix few(2), many(2);
    many.add(labels(123456, 0), labels(123456, 0));
    EXPECT_GT(confusion_picture(many, names{"a", "b"}).width(), confusion_picture(few, names{"a", "b"}).width());
}

TEST(confusion_picture, refuses_other_names_and_too_many_classes) {
    EXPECT_THROW(confusion_picture(confusion_matrix(2), names{"a"}), tessera::error);
    EXPECT_THROW(confusion_picture(confusion_matrix(201), names(201)), tessera::error);
    EXPECT_NO_THROW(confusion_picture(confusion_matrix(200), names(200)));
}

}  // namespace
