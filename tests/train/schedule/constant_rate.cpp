#include <tessera/train/schedule/constant_rate.hpp>

#include <gtest/gtest.h>

#include "schedule_table.hpp"

namespace tessera {
namespace {

static_assert(constant_rate{0.25}.rate(1'000'000) == 0.25);

TEST(constant_rate, equals_the_reference) { expect_rates("constant", constant_rate{0.1}); }

}  // namespace
}  // namespace tessera
