#include <tessera/train/schedule/step_decay.hpp>

#include <gtest/gtest.h>

#include "schedule_table.hpp"

namespace tessera {
namespace {

static_assert(step_decay{1, 10}.rate(9) == 1);
static_assert(step_decay{1, 10, 0.5}.rate(25) == 0.25);

TEST(step_decay, equals_the_reference) {
    expect_rates("step_decay", step_decay{.base = 0.1, .every = 15, .factor = 0.5});
}

}  // namespace
}  // namespace tessera
