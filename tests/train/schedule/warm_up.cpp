#include <tessera/train/schedule/warm_up.hpp>

#include <gtest/gtest.h>

#include <tessera/train/schedule/cosine_decay.hpp>
#include <tessera/train/schedule/one_cycle.hpp>
#include <tessera/train/schedule/plateau.hpp>
#include <tessera/train/schedule/step_decay.hpp>

#include "schedule_table.hpp"

namespace tessera {
namespace {

TEST(warm_up, equals_the_reference) {
    expect_rates("warm_up_cosine", warm_up{cosine_decay{.base = 0.1, .steps = 40}, 10});
}

TEST(warm_up, of_no_steps_is_the_schedule_itself) {
    constexpr step_decay after{1, 3, 0.5};
    constexpr warm_up<step_decay> schedule{after, 0};
    for (long k = 0; k < 10; ++k) EXPECT_EQ(schedule.rate(k), after.rate(k));
}

template <class Schedule>
concept sets_momentum = requires(const Schedule& s) { s.momentum(0); };

TEST(warm_up, has_the_momentum_of_a_schedule_that_sets_it) {
    constexpr one_cycle after{.peak = 0.1, .total = 16};
    constexpr warm_up schedule{after, 4};
    for (long k = 0; k < 4; ++k) EXPECT_EQ(schedule.momentum(k), after.momentum(0));
    for (long k = 4; k < 24; ++k) EXPECT_EQ(schedule.momentum(k), after.momentum(k - 4));
    static_assert(!sets_momentum<warm_up<step_decay>>);
}

TEST(warm_up, hands_a_metric_on) {
    warm_up schedule{plateau{.base = 1, .factor = 0.5, .patience = 0}, 2};
    schedule.observe(1);
    schedule.observe(2);
    EXPECT_EQ(schedule.rate(2), 0.5);
}

// 150 steps of warm-up before a schedule that is to fill the rest of a run of 100
TEST(warm_up, has_the_faults_of_what_follows_it) {
    const warm_up schedule{cosine_decay{.base = 0.1, .steps = 100 - 150}, 150};
    EXPECT_STREQ(schedule.fault().place, "cosine_decay: steps");
    EXPECT_DEATH(schedule.rate(0), "cosine_decay: steps: expected at least 1, found -50");
    EXPECT_STREQ((warm_up{step_decay{1, 1}, -1}.fault().place), "warm_up: steps");
    EXPECT_FALSE((warm_up{step_decay{1, 1}, 0}.fault()));
}

}  // namespace
}  // namespace tessera
