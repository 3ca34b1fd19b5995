#include <tessera/train/optimiser/adamw.hpp>

#include <gtest/gtest.h>

#include "trajectory.hpp"

namespace tessera {
namespace {

TEST(adamw, equals_the_reference) { expect_trajectory("optimiser_adamw", adamw{}, 0.01); }

TEST(adamw, decays_only_where_wanted) { expect_decay_only_where_wanted(adamw{}); }

TEST(adamw, shrinks_a_parameter_without_gradient) {
    trajectory<double> run{{2, -4}, {}};
    run.step(adamw{.weight_decay = 0.5}, {0, 0}, 1, 0.1);
    expect_near(run.parameter, {1.9, -3.8});
    EXPECT_EQ(run.slots[0], (std::vector<double>{0, 0}));
}

}  // namespace
}  // namespace tessera
