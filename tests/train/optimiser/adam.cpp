#include <tessera/train/optimiser/adam.hpp>

#include <gtest/gtest.h>

#include "trajectory.hpp"

namespace tessera {
namespace {

TEST(adam, equals_the_reference) {
    expect_trajectory("optimiser_adam", adam{}, 0.01);
    expect_trajectory("optimiser_adam_weight_decay", adam{.weight_decay = 0.01}, 0.01);
}

TEST(adam, decays_only_where_wanted) { expect_decay_only_where_wanted(adam{.weight_decay = 0.1}); }

TEST(adam, first_step_is_the_rate_whatever_the_gradient) {
    trajectory<double> run{{0, 0, 0}, {}};
    run.step(adam{}, {1e-3, -1, 1e3}, 1, 0.01);
    for (double w : run.parameter) EXPECT_NEAR(std::abs(w), 0.01, 1e-6);
    EXPECT_LT(run.parameter[0], 0);
    EXPECT_GT(run.parameter[1], 0);
}

}  // namespace
}  // namespace tessera
