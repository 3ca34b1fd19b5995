#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <tessera/error/error.hpp>
#include <tessera/metrics/calibration_error.hpp>
#include <vector>

namespace {

using floats = std::vector<float>;
using ints = std::vector<std::int32_t>;
using tessera::calibration_error;

TEST(calibration_error, is_the_weighted_gap) {
    // Bin of .9: accuracy .5; bin of .6: accuracy 1; (.4 + .4) / 2
    EXPECT_NEAR(calibration_error(floats{.9f, .9f, .6f, .6f}, ints{1, 0, 1, 1}), 0.4, 1e-7);
    EXPECT_NEAR(calibration_error(floats{.75f, .75f, .75f, .75f}, ints{1, 1, 1, 0}), 0.0, 1e-12);
    EXPECT_NEAR(calibration_error(floats{1, 1, 0}, ints{1, 1, 0}), 0.0, 1e-12);
}

TEST(calibration_error, gaps_of_one_bin_cancel_and_of_two_do_not) {
    const floats confidences{.45f, .55f};
    const ints hits{0, 1};
    EXPECT_NEAR(calibration_error(confidences, hits, 1), 0.0, 1e-7);
    EXPECT_NEAR(calibration_error(confidences, hits, 2), 0.45, 1e-7);
}

TEST(calibration_error, bins_are_closed_on_the_right) {
    // With two bins .5 belongs to the lower one, where the two gaps cancel.
    EXPECT_NEAR(calibration_error(floats{.5f, .5f, .25f, .25f}, ints{1, 1, 0, 0}, 2), 0.125, 1e-7);
    // Every edge k / 15, as the nearest float, is in the bin below it, together with a value well inside.
    for (int k = 1; k <= 15; ++k) {
        const auto edge = static_cast<float>(k / 15.0), inside = static_cast<float>((k - 0.5) / 15.0);
        const double together = std::abs(1.0 - static_cast<double>(edge) - static_cast<double>(inside)) / 2;
        EXPECT_NEAR(calibration_error(floats{edge, inside}, ints{1, 0}), together, 1e-9) << k;
    }
}

TEST(calibration_error, takes_the_highest_probability) {
    const floats probabilities{.9f, .1f, .1f, .9f, .6f, .4f, .4f, .6f};
    EXPECT_NEAR(tessera::calibration_error_of(probabilities, ints{0, 0, 0, 1}, 2), 0.4, 1e-7);
}

TEST(calibration_error, refuses_what_is_no_confidence) {
    EXPECT_THROW(calibration_error(floats{1}, ints{1, 0}), tessera::error);
    EXPECT_THROW(calibration_error({}, {}), tessera::error);
    EXPECT_THROW(calibration_error(floats{1}, ints{2}), tessera::error);
    EXPECT_THROW(calibration_error(floats{1}, ints{1}, 0), tessera::error);
    EXPECT_THROW(calibration_error(floats{-.1f}, ints{1}), tessera::error);
    EXPECT_THROW(calibration_error(floats{std::nanf("")}, ints{1}), tessera::error);
    try {
        tessera::calibration_error_of(floats{1, 0, 3, 2}, ints{0, 1}, 2);
        FAIL();
    } catch (const tessera::error& e) {
        EXPECT_STREQ(e.what(), "calibration_error: row 1: expected a confidence from 0 to 1, found 3.000000");
    }
}

TEST(calibration_error, leaves_out_an_ignored_label) {
    const std::vector<float> all{0.9F, 0.1F, 5, 5, 0.2F, 0.8F}, some{0.9F, 0.1F, 0.2F, 0.8F};
    EXPECT_EQ(tessera::calibration_error_of(all, std::vector<std::int32_t>{0, 9, 0}, 2, 15, 9),
              tessera::calibration_error_of(some, std::vector<std::int32_t>{0, 0}, 2));
    EXPECT_THROW(tessera::calibration_error_of(all, std::vector<std::int32_t>{9, 9, 9}, 2, 15, 9), tessera::error);
}

}  // namespace
