#include <tessera/train/schedule/one_cycle.hpp>

#include <gtest/gtest.h>

#include <cmath>

#include "schedule_table.hpp"

namespace tessera {
namespace {

TEST(one_cycle, equals_the_reference) { expect_rates("one_cycle", one_cycle{.peak = 0.2, .total = 50}); }

TEST(one_cycle, cycles_momentum_the_other_way) {
    const auto wanted = schedule_column("one_cycle_momentum");
    const one_cycle schedule{.peak = 0.2, .total = 50};
    for (std::size_t k = 0; k < wanted.size(); ++k)
        EXPECT_NEAR(schedule.momentum(static_cast<long>(k)), wanted[k], 1e-14) << "step " << k;
}

TEST(one_cycle, stays_at_its_end) {
    const one_cycle schedule{.peak = 1, .total = 20};
    EXPECT_DOUBLE_EQ(schedule.rate(19), 1.0 / 25 / 1e4);
    EXPECT_EQ(schedule.rate(1000), schedule.rate(19));
}

TEST(one_cycle, may_have_no_rise_or_a_rise_of_one_step) {
    const one_cycle none{.peak = 1, .total = 10, .pct_start = 0}, one{.peak = 1, .total = 10, .pct_start = 0.1};
    EXPECT_LE(none.rate(0), 1);
    EXPECT_DOUBLE_EQ(one.rate(0), 1);
    for (long k = 0; k < 9; ++k) {
        EXPECT_GT(none.rate(k), none.rate(k + 1));
        EXPECT_GT(one.rate(k), one.rate(k + 1));
    }
}

TEST(one_cycle, says_what_is_wrong_with_its_numbers) {
    EXPECT_FALSE((one_cycle{.peak = 1, .total = 2, .pct_start = 1}.fault()));
    EXPECT_FALSE((one_cycle{.peak = 0, .total = 2}.fault()));
    EXPECT_STREQ((one_cycle{.peak = -1, .total = 2}.fault().place), "one_cycle: peak");
    EXPECT_STREQ((one_cycle{.peak = NAN, .total = 2}.fault().place), "one_cycle: peak");
    EXPECT_STREQ((one_cycle{.peak = 1, .total = 2, .pct_start = 1.5}.fault().place), "one_cycle: pct_start");
    EXPECT_STREQ((one_cycle{.peak = 1, .total = 2, .div_factor = 0}.fault().place), "one_cycle: div_factor");
    EXPECT_STREQ((one_cycle{.peak = 1, .total = 2, .final_div_factor = -1}.fault().place),
                 "one_cycle: final_div_factor");
    EXPECT_DEATH((one_cycle{.peak = 1, .total = 1}.rate(0)), "one_cycle: total: expected at least 2 steps, found 1");
}

}  // namespace
}  // namespace tessera
