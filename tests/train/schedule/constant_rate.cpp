#include <tessera/train/schedule/constant_rate.hpp>

#include <gtest/gtest.h>

#include <cmath>

#include "schedule_table.hpp"

namespace tessera {
namespace {

static_assert(constant_rate{0.25}.rate(1'000'000) == 0.25);

TEST(constant_rate, equals_the_reference) { expect_rates("constant", constant_rate{0.1}); }

TEST(constant_rate, refuses_what_is_no_rate) {
    static_assert(!constant_rate{0}.fault() && !constant_rate{1e300}.fault());
    EXPECT_STREQ(constant_rate{-0.1}.fault().place, "constant_rate: value");
    EXPECT_STREQ(constant_rate{INFINITY}.fault().wanted, "a finite number, 0 or more");
    EXPECT_DEATH(constant_rate{NAN}.rate(0), "constant_rate: value: expected a finite number, 0 or more, found -?nan");
}

}  // namespace
}  // namespace tessera
