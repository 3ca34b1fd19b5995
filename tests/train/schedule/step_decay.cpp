#include <tessera/train/schedule/step_decay.hpp>

#include <gtest/gtest.h>

#include <cmath>

#include "schedule_table.hpp"

namespace tessera {
namespace {

static_assert(step_decay{1, 10}.rate(9) == 1);
static_assert(step_decay{1, 10, 0.5}.rate(25) == 0.25);
static_assert(step_decay{1, 1}.rate(1'000'000'000) == 0);
static_assert(step_decay{1, 10, 0}.rate(9) == 1 && step_decay{1, 10, 0}.rate(10) == 0);

TEST(step_decay, equals_the_reference) {
    expect_rates("step_decay", step_decay{.base = 0.1, .every = 15, .factor = 0.5});
}

TEST(step_decay, refuses_to_decay_more_often_than_a_step) {
    EXPECT_FALSE((step_decay{1, 1}.fault()));
    EXPECT_DEATH((step_decay{1, 0}.rate(0)), "step_decay: every: expected at least 1 step, found 0");
}

TEST(step_decay, refuses_rates_below_0) {
    EXPECT_FALSE((step_decay{0, 1, 0}.fault()));
    EXPECT_STREQ((step_decay{-1, 1}.fault().place), "step_decay: base");
    EXPECT_STREQ((step_decay{1, 1, -0.5}.fault().place), "step_decay: factor");
    EXPECT_STREQ((step_decay{1, 1, NAN}.fault().place), "step_decay: factor");
}

}  // namespace
}  // namespace tessera
