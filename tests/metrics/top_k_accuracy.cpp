#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <tessera/error/error.hpp>
#include <tessera/metrics/top_k_accuracy.hpp>
#include <vector>

namespace {

using floats = std::vector<float>;
using labels = std::vector<std::int32_t>;
using tessera::top_k_accuracy;

TEST(top_k_accuracy, counts_labels_among_the_best) {
    const floats scores{.1f, .7f, .2f,   // 1, 2, 0
                        .5f, .2f, .3f,   // 0, 2, 1
                        .3f, .3f, .4f};  // 2, 0, 1
    const labels truths{1, 1, 0};
    EXPECT_DOUBLE_EQ(top_k_accuracy(scores, truths, 3, 1), 1.0 / 3);
    EXPECT_DOUBLE_EQ(top_k_accuracy(scores, truths, 3, 2), 2.0 / 3);
    EXPECT_DOUBLE_EQ(top_k_accuracy(scores, truths, 3, 3), 1.0);
}

TEST(top_k_accuracy, ties_go_to_the_lowest_index) {
    const floats equal(4, 0.5f);
    for (std::int32_t truth = 0; truth < 4; ++truth) {
        for (std::size_t k = 1; k <= 4; ++k) {
            EXPECT_EQ(top_k_accuracy(equal, labels{truth}, 4, k), static_cast<std::size_t>(truth) < k ? 1.0 : 0.0);
        }
    }
}

TEST(top_k_accuracy, nan_ranks_last) {
    const float nan = std::nanf("");
    EXPECT_EQ(top_k_accuracy(floats{nan, -1.0f}, labels{0}, 2, 1), 0.0);
    EXPECT_EQ(top_k_accuracy(floats{nan, -1.0f}, labels{1}, 2, 1), 1.0);
}

TEST(top_k_accuracy, refuses_bad_sizes_and_labels) {
    EXPECT_THROW(top_k_accuracy(floats(6), labels(3), 3, 1), tessera::error);
    EXPECT_THROW(top_k_accuracy(floats(5), labels(1), 3, 1), tessera::error);
    EXPECT_THROW(top_k_accuracy({}, {}, 3, 1), tessera::error);
    EXPECT_THROW(top_k_accuracy({}, labels(1), 0, 1), tessera::error);
    EXPECT_THROW(top_k_accuracy(floats(3), labels(1), 3, 0), tessera::error);
    EXPECT_THROW(top_k_accuracy(floats(3), labels(1), 3, 4), tessera::error);
    EXPECT_THROW(top_k_accuracy(floats(3), labels{-1}, 3, 1), tessera::error);
    try {
        top_k_accuracy(floats(6), labels{0, 3}, 3, 1);
        FAIL();
    } catch (const tessera::error& e) {
        EXPECT_STREQ(e.what(), "top_k_accuracy: row 1: expected a label from 0 to 2, found 3");
    }
}

TEST(top_k_accuracy, leaves_out_an_ignored_label) {
    const std::vector<float> scores{3, 2, 1, 0, 0, 9, 1, 2, 3};
    EXPECT_EQ(tessera::top_k_accuracy(scores, std::vector<std::int32_t>{0, 255, 1}, 3, 1, 255), 0.5);
    EXPECT_EQ(tessera::top_k_accuracy(scores, std::vector<std::int32_t>{0, 2, 1}, 3, 1, 2), 0.5);  // a class, too
    EXPECT_THROW(tessera::top_k_accuracy(scores, std::vector<std::int32_t>{0, 255, 1}, 3, 1), tessera::error);
    EXPECT_THROW(tessera::top_k_accuracy(scores, std::vector<std::int32_t>{7, 7, 7}, 3, 1, 7), tessera::error);
}

}  // namespace
