#include <tessera/train/schedule/plateau.hpp>

#include <gtest/gtest.h>

#include <initializer_list>
#include <limits>
#include <string>

#include "schedule_table.hpp"

namespace tessera {
namespace {

void expect_reference(const std::string& name, plateau schedule, const std::string& metrics = "plateau_metric") {
    const auto metric = schedule_column(metrics), wanted = schedule_column(name);
    for (std::size_t k = 0; k < wanted.size(); ++k) {
        EXPECT_NEAR(schedule.rate(static_cast<long>(k)), wanted[k], 1e-14) << name << ", step " << k;
        schedule.observe(metric[k]);
    }
}

TEST(plateau, equals_the_reference) {
    expect_reference("plateau", {.base = 0.1, .factor = 0.5, .patience = 3});
    expect_reference(
        "plateau_absolute",
        {.base = 0.1, .factor = 0.5, .patience = 2, .threshold = 1.1e-5, .counts = gain::absolute, .cooldown = 4});
    expect_reference("plateau_cooldown", {.base = 0.1, .factor = 0.5, .patience = 1, .minimum = 0.002, .cooldown = 3});
    expect_reference("plateau_rising_absolute",
                     {.base = 0.1,
                      .factor = 0.5,
                      .patience = 2,
                      .threshold = 0.01,
                      .larger_is_better = true,
                      .counts = gain::absolute,
                      .cooldown = 1},
                     "plateau_rising_metric");
}

constexpr double after(plateau schedule, std::initializer_list<double> metrics) {
    for (double m : metrics) schedule.observe(m);
    return schedule.rate(0);
}

// a loss may be negative: a log-likelihood, a reward
TEST(plateau, lowers_the_rate_for_a_negative_metric_that_stands_still) {
    constexpr plateau falling{.base = 1, .factor = 0.5, .patience = 0, .threshold = 0.1};
    static_assert(after(falling, {-1, -1}) == 0.5);
    static_assert(after(falling, {-1, -0.95}) == 0.5);
    static_assert(after(falling, {-1, -1.05}) == 0.5);  // too small a gain
    static_assert(after(falling, {-1, -1.2}) == 1);
    static_assert(after(falling, {0.5, -0.5, -0.7}) == 1);
    static_assert(after(falling, {0, -1e-9}) == 1);
    constexpr plateau rising{.base = 1, .factor = 0.5, .patience = 0, .threshold = 0.1, .larger_is_better = true};
    static_assert(after(rising, {-1, -1}) == 0.5);
    static_assert(after(rising, {-1, -1.05}) == 0.5);  // worse
    static_assert(after(rising, {-1, -0.95}) == 0.5);
    static_assert(after(rising, {-1, -0.8, 0, 0.1}) == 1);
}

TEST(plateau, does_not_take_an_infinite_loss_for_a_beginning) {
    constexpr double inf = std::numeric_limits<double>::infinity();
    static_assert(after({.base = 1, .factor = 0.5, .patience = 1}, {inf, inf}) == 0.5);
    static_assert(after({.base = 1, .factor = 0.5, .patience = 1}, {inf, 1e300}) == 1);
    static_assert(after({.base = 1, .factor = 0.5, .patience = 0, .larger_is_better = true}, {-inf}) == 0.5);
}

TEST(plateau, says_what_is_wrong_with_its_numbers) {
    EXPECT_FALSE((plateau{.base = 1}.fault()));
    EXPECT_FALSE((plateau{.base = 0}.fault()));
    EXPECT_STREQ((plateau{.base = -1}.fault().place), "plateau: base");
    EXPECT_STREQ((plateau{.base = 1, .minimum = -0.1}.fault().place), "plateau: minimum");
    EXPECT_STREQ((plateau{.base = 1, .factor = 1}.fault().place), "plateau: factor");
    EXPECT_STREQ((plateau{.base = 1, .patience = -1}.fault().place), "plateau: patience");
    EXPECT_STREQ((plateau{.base = 1, .threshold = -1}.fault().place), "plateau: threshold");
    EXPECT_STREQ((plateau{.base = 1, .cooldown = -1}.fault().place), "plateau: cooldown");
    EXPECT_DEATH((plateau{.base = 1, .factor = 2}.rate(0)),
                 "tessera: plateau: factor: expected a number from 0 to below 1, found 2");
}

TEST(plateau, may_wait_for_a_metric_to_rise) {
    plateau schedule{.base = 1, .factor = 0.5, .patience = 0, .larger_is_better = true};
    for (double accuracy : {0.1, 0.5, 0.6}) schedule.observe(accuracy);
    EXPECT_EQ(schedule.rate(0), 1);
    schedule.observe(0.6);
    EXPECT_EQ(schedule.rate(0), 0.5);
}

TEST(plateau, does_not_take_a_nan_for_better) {
    plateau schedule{.base = 1, .factor = 0.5, .patience = 0};
    schedule.observe(std::numeric_limits<double>::quiet_NaN());
    EXPECT_EQ(schedule.rate(0), 0.5);
    schedule.observe(3);
    EXPECT_EQ(schedule.seen.best, 3);
    schedule.observe(std::numeric_limits<double>::quiet_NaN());
    EXPECT_EQ(schedule.rate(0), 0.25);
}

TEST(plateau, stops_at_the_minimum) {
    plateau schedule{.base = 1, .factor = 0.1, .patience = 0, .minimum = 0.05};
    for (int k = 0; k < 5; ++k) schedule.observe(1);
    EXPECT_EQ(schedule.rate(0), 0.05);
}

TEST(plateau, goes_on_from_what_it_has_seen) {
    plateau first{.base = 1, .factor = 0.5, .patience = 2};
    for (double m : {3.0, 4.0, 4.0}) first.observe(m);
    plateau resumed{.base = 1, .factor = 0.5, .patience = 2, .seen = first.seen};
    resumed.observe(4);
    EXPECT_EQ(resumed.rate(0), 0.5);
}

}  // namespace
}  // namespace tessera
