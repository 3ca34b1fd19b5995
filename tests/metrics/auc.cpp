#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <tessera/error/error.hpp>
#include <tessera/metrics/auc.hpp>
#include <vector>

namespace {

using floats = std::vector<float>;
using labels = std::vector<std::int32_t>;
using tessera::auc;

// The trapezoid rule on the points (false positive rate, true positive rate), a point a threshold.
double trapezoid(const floats& scores, const labels& truths) {
    double positives = 0, negatives = 0;
    for (const std::int32_t truth : truths) (truth == 1 ? positives : negatives) += 1;
    const std::set<float, std::greater<>> thresholds(scores.begin(), scores.end());
    double area = 0, last_x = 0, last_y = 0;
    for (const float threshold : thresholds) {
        double x = 0, y = 0;
        for (std::size_t i = 0; i < scores.size(); ++i) {
            if (scores[i] >= threshold) (truths[i] == 1 ? y : x) += truths[i] == 1 ? 1 / positives : 1 / negatives;
        }
        area += (x - last_x) * (y + last_y) / 2;
        last_x = x;
        last_y = y;
    }
    return area;
}

TEST(auc, counts_pairs_that_are_in_order) {
    EXPECT_DOUBLE_EQ(auc(floats{.1f, .4f, .35f, .8f}, labels{0, 0, 1, 1}), 0.75);
    EXPECT_DOUBLE_EQ(auc(floats{1, 2, 3, 4}, labels{0, 0, 1, 1}), 1.0);
    EXPECT_DOUBLE_EQ(auc(floats{4, 3, 2, 1}, labels{0, 0, 1, 1}), 0.0);
}

TEST(auc, a_tie_counts_one_half) {
    EXPECT_DOUBLE_EQ(auc(floats{1, 1, 1}, labels{0, 1, 1}), 0.5);
    EXPECT_DOUBLE_EQ(auc(floats{1, 2, 2, 3}, labels{0, 0, 1, 1}), 3.5 / 4);
}

TEST(auc, is_the_trapezoid_rule) {
    std::uint32_t state = 1;
    for (int round = 0; round < 50; ++round) {
        floats scores{0, 0};
        labels truths{0, 1};
        for (int i = 0; i < 40; ++i) {
            state = state * 1664525u + 1013904223u;
            scores.push_back(static_cast<float>((state >> 20) % 12));  // many ties
            truths.push_back(static_cast<std::int32_t>((state >> 9) % 2));
        }
        EXPECT_NEAR(auc(scores, truths), trapezoid(scores, truths), 1e-12);
    }
}

TEST(auc, refuses_what_has_no_area) {
    EXPECT_THROW(auc(floats{1}, labels{0, 1}), tessera::error);
    EXPECT_THROW(auc(floats{1, 2}, labels{0, 2}), tessera::error);
    EXPECT_THROW(auc(floats{1, std::nanf("")}, labels{0, 1}), tessera::error);
    EXPECT_THROW(auc({}, {}), tessera::error);
    try {
        auc(floats{1, 2}, labels{1, 1});
        FAIL();
    } catch (const tessera::error& e) {
        EXPECT_STREQ(e.what(), "auc: expected samples of both classes, found 2 positive of 2");
    }
}

TEST(auc, leaves_out_an_ignored_label) {
    const floats scores{1, std::nanf(""), 2, 9, 2, 3};
    EXPECT_DOUBLE_EQ(auc(scores, labels{0, -1, 0, -1, 1, 1}, -1), 3.5 / 4);
    EXPECT_THROW(auc(scores, labels{0, -1, 0, -1, 1, 1}), tessera::error);
    EXPECT_THROW(auc(floats{1, 2, 3}, labels{1, -1, 1}, -1), tessera::error);  // of one class what is left
}

}  // namespace
