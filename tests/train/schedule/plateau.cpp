#include <tessera/train/schedule/plateau.hpp>

#include <gtest/gtest.h>

#include <limits>

#include "schedule_table.hpp"

namespace tessera {
namespace {

TEST(plateau, equals_the_reference) {
    const auto metric = schedule_column("plateau_metric"), wanted = schedule_column("plateau");
    plateau schedule{.base = 0.1, .factor = 0.5, .patience = 3};
    for (std::size_t k = 0; k < wanted.size(); ++k) {
        EXPECT_NEAR(schedule.rate(static_cast<long>(k)), wanted[k], 1e-14) << "step " << k;
        schedule.observe(metric[k]);
    }
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
