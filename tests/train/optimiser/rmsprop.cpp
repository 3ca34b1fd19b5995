#include <tessera/train/optimiser/rmsprop.hpp>

#include <gtest/gtest.h>

#include "trajectory.hpp"

namespace tessera {
namespace {

TEST(rmsprop, equals_the_reference) {
    expect_trajectory("optimiser_rmsprop", rmsprop{}, 0.01);
    expect_trajectory("optimiser_rmsprop_momentum", rmsprop{.momentum = 0.9}, 0.01);
    expect_trajectory("optimiser_rmsprop_centred", rmsprop{.centred = true}, 0.01);
    expect_trajectory("optimiser_rmsprop_centred_momentum", rmsprop{.momentum = 0.9, .centred = true}, 0.01);
}

TEST(rmsprop, decays_only_where_wanted) {
    expect_decay_only_where_wanted(rmsprop{.weight_decay = 0.1});
    expect_decay_only_where_wanted(rmsprop{.momentum = 0.9, .weight_decay = 0.1, .centred = true});
}

TEST(rmsprop, stays_finite_where_the_variance_rounds_below_zero) {
    trajectory<float> run{{1}, {}};
    for (long k = 1; k <= 5000; ++k) run.step(rmsprop{.centred = true}, {0.1f}, k, 1e-12);
    EXPECT_TRUE(std::isfinite(run.parameter[0]));
}

TEST(rmsprop, leaves_slots_alone_that_it_does_not_need) {
    trajectory<double> run{{1}, {{0}, {7}, {8}}};
    run.step(rmsprop{}, {1}, 1, 0.5);
    EXPECT_EQ(run.slots[1], std::vector<double>{7});
    EXPECT_EQ(run.slots[2], std::vector<double>{8});
}

}  // namespace
}  // namespace tessera
