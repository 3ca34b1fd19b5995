#include <gtest/gtest.h>

#include <cmath>
#include <tessera/error/error.hpp>
#include <tessera/metrics/r2.hpp>
#include <vector>

namespace {

using floats = std::vector<float>;
const floats predictions{2.5f, 0.0f, 2.0f, 8.0f};
const floats targets{3.0f, -0.5f, 2.0f, 7.0f};

TEST(r2, is_the_explained_share) {
    EXPECT_NEAR(tessera::r2(predictions, targets), 1 - 1.5 / 29.1875, 1e-12);
    EXPECT_EQ(tessera::r2(targets, targets), 1.0);
    EXPECT_EQ(tessera::r2(floats{2, 2, 2}, floats{1, 2, 3}), 0.0);
    EXPECT_EQ(tessera::r2(floats{3, 2, 1}, floats{1, 2, 3}), -3.0);
    EXPECT_THROW(tessera::r2(floats(2), floats(3)), tessera::error);
}

TEST(r2, constant_targets_are_right_or_wrong) {
    const floats tenths(7, 0.1f);
    EXPECT_EQ(tessera::r2(tenths, tenths), 1.0);
    EXPECT_EQ(tessera::r2(floats(7, 0.2f), tenths), 0.0);
}

TEST(r2, does_not_hide_nan) {
    const float nan = std::nanf("");
    EXPECT_TRUE(std::isnan(tessera::r2(floats{1, nan}, floats{1, 2})));
    EXPECT_TRUE(std::isnan(tessera::r2(floats{2, nan}, floats{2, 2})));
    EXPECT_TRUE(std::isnan(tessera::r2(floats{2, 2}, floats{2, nan})));
}

}  // namespace
