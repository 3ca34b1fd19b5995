#include <tessera/train/schedule/cosine_decay.hpp>

#include <gtest/gtest.h>

#include <cmath>

#include "schedule_table.hpp"

namespace tessera {
namespace {

TEST(cosine_decay, equals_the_reference) {
    expect_rates("cosine", cosine_decay{.base = 0.1, .steps = 50, .minimum = 0.001});
}

TEST(cosine_decay, stays_at_its_minimum) {
    constexpr cosine_decay schedule{.base = 1, .steps = 10, .minimum = 0.1};
    static_assert(schedule.rate(0) == 1);
    EXPECT_EQ(schedule.rate(10), 0.1);
    EXPECT_EQ(schedule.rate(1000), 0.1);
}

TEST(cosine_decay, refuses_to_take_no_step) {
    EXPECT_FALSE((cosine_decay{.base = 1, .steps = 1}.fault()));
    EXPECT_DEATH((cosine_decay{.base = 1, .steps = -100}.rate(0)),
                 "cosine_decay: steps: expected at least 1, found -100");
}

TEST(cosine_decay, refuses_rates_below_0) {
    EXPECT_FALSE((cosine_decay{.base = 0, .steps = 1}.fault()));
    EXPECT_STREQ((cosine_decay{.base = -1, .steps = 1}.fault().place), "cosine_decay: base");
    EXPECT_STREQ((cosine_decay{.base = 1, .steps = 1, .minimum = NAN}.fault().place), "cosine_decay: minimum");
}

}  // namespace
}  // namespace tessera
