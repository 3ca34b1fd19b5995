#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <tessera/error/error.hpp>
#include <tessera/io/picture/nice_ticks.hpp>
#include <vector>

namespace {

using tessera::detail::nice_ticks;

std::vector<std::string> labels(const nice_ticks& ticks) {
    std::vector<std::string> texts;
    for (const double tick : ticks.inside()) texts.push_back(ticks.label(tick));
    return texts;
}
using texts = std::vector<std::string>;

TEST(nice_ticks, are_round_numbers) {
    EXPECT_EQ(labels({0.13, 0.94, 6}), (texts{"0.2", "0.4", "0.6", "0.8"}));
    EXPECT_EQ(labels({0, 1, 5}), (texts{"0", "0.2", "0.4", "0.6", "0.8", "1.0"}));
    EXPECT_EQ(labels({-3, 12, 4}), (texts{"0", "5", "10"}));
    EXPECT_EQ(labels({1, 20, 4}), (texts{"5", "10", "15", "20"}));
    EXPECT_EQ(labels({0, 0.06, 3}), (texts{"0", "0.02", "0.04", "0.06"}));
}

TEST(nice_ticks, enclose_the_range) {
    const nice_ticks ticks(0.13, 0.94, 6);
    EXPECT_DOUBLE_EQ(ticks.low(), 0.0);
    EXPECT_DOUBLE_EQ(ticks.high(), 1.0);
    const nice_ticks exact(0.2, 0.6, 2);
    EXPECT_DOUBLE_EQ(exact.low(), 0.2);
    EXPECT_DOUBLE_EQ(exact.high(), 0.6);
}

TEST(nice_ticks, keep_to_the_least_step) {
    EXPECT_EQ(labels({1, 3, 8, 1}), (texts{"1", "2", "3"}));
    EXPECT_EQ(labels({1, 3, 8}), (texts{"1.0", "1.5", "2.0", "2.5", "3.0"}));
}

TEST(nice_ticks, large_and_small_numbers_have_exponents) {
    EXPECT_EQ(labels({0, 2e7, 2}), (texts{"0", "1e7", "2e7"}));
    EXPECT_EQ(labels({0, 2e7, 4}), (texts{"0", "5.0e6", "1.0e7", "1.5e7", "2.0e7"}));
    EXPECT_EQ(labels({0, 2e-5, 2}), (texts{"0", "1e-5", "2e-5"}));
    EXPECT_EQ(labels({0, 2e20, 2}), (texts{"0", "1e20", "2e20"}));
    EXPECT_EQ(labels({0, 900'000, 2}), (texts{"0", "500000"}));
}

TEST(nice_ticks, a_small_number_among_large_ones_keeps_its_exponent) {
    EXPECT_EQ(nice_ticks(0, 1e6, 1'000'000).label(5), "5.000000e0");
}

TEST(nice_ticks, any_range_has_a_few_different_ticks) {
    const double smallest = std::numeric_limits<double>::min();
    for (const double low : {-1e300, -1e6, -1.0, -smallest, 0.0, smallest, 0.1, 1e6, 9e299}) {
        for (const double width : {0.0, smallest, 1e-30, 0.3, 1.0, 1e10, 1e300}) {
            if (low + width > 1e300) continue;
            const nice_ticks ticks(low, low + width, 6);
            const auto values = ticks.enclosing();
            ASSERT_GE(values.size(), 2u) << low << ' ' << width;
            ASSERT_LE(values.size(), 9u) << low << ' ' << width;
            for (std::size_t i = 1; i < values.size(); ++i) ASSERT_LT(values[i - 1], values[i]);
            ASSERT_LE(ticks.low(), low + ticks.step() * 1e-6);
            ASSERT_GE(ticks.high(), low + width - ticks.step() * 1e-6);
        }
    }
}

TEST(nice_ticks, refuses_what_is_no_range) {
    EXPECT_THROW(nice_ticks(1, 0), tessera::error);
    EXPECT_THROW(nice_ticks(0, std::nan("")), tessera::error);
    EXPECT_THROW(nice_ticks(0, std::numeric_limits<double>::infinity()), tessera::error);
}

}  // namespace
