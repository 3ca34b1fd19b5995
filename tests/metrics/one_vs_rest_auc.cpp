#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <tessera/error/error.hpp>
#include <tessera/metrics/one_vs_rest_auc.hpp>
#include <vector>

namespace {

using floats = std::vector<float>;
using labels = std::vector<std::int32_t>;
using tessera::one_vs_rest_auc;

TEST(one_vs_rest_auc, is_the_mean_over_classes) {
    const floats scores{.8f, .1f, .1f,  //
                        .3f, .4f, .3f,  //
                        .5f, .2f, .3f,  //
                        .2f, .5f, .3f};
    const labels truths{0, 1, 2, 1};
    // class 0: .8 against .3 .5 .2 -> 1; class 1: .4 .5 against .1 .2 -> 1; class 2: .3 against .1 .3 .3 -> 2 / 3
    EXPECT_DOUBLE_EQ(one_vs_rest_auc(scores, truths, 3), (1 + 1 + 2.0 / 3) / 3);
}

TEST(one_vs_rest_auc, leaves_out_classes_without_samples) {
    EXPECT_DOUBLE_EQ(one_vs_rest_auc(floats{2, 1, 9, 1, 2, 9}, labels{0, 1}, 3), 1.0);
    EXPECT_THROW(one_vs_rest_auc(floats{2, 1, 1, 2}, labels{0, 0}, 2), tessera::error);
    EXPECT_THROW(one_vs_rest_auc(floats{2, std::nanf(""), 1, 2}, labels{0, 1}, 2), tessera::error);
    EXPECT_THROW(one_vs_rest_auc(floats{2, 1, 1}, labels{0, 1}, 2), tessera::error);
}

TEST(one_vs_rest_auc, leaves_out_an_ignored_label) {
    const std::vector<float> all{1, 2, 3, 4, std::nanf(""), 0, 2, 1, 0, 5}, some{1, 2, 3, 4, 2, 1, 0, 5};
    const double wanted = tessera::one_vs_rest_auc(some, std::vector<std::int32_t>{0, 1, 0, 1}, 2);
    EXPECT_EQ(tessera::one_vs_rest_auc(all, std::vector<std::int32_t>{0, 1, -100, 0, 1}, 2, -100), wanted);
    EXPECT_THROW(tessera::one_vs_rest_auc(all, std::vector<std::int32_t>(5, -100), 2, -100), tessera::error);
}

}  // namespace
