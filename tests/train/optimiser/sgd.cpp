#include <tessera/train/optimiser/sgd.hpp>

#include <gtest/gtest.h>

#include "trajectory.hpp"

namespace tessera {
namespace {

TEST(sgd, equals_the_reference) {
    expect_trajectory("optimiser_sgd", sgd{}, 0.1);
    expect_trajectory("optimiser_sgd_momentum", sgd{.momentum = 0.9}, 0.1);
    expect_trajectory("optimiser_sgd_nesterov", sgd{.momentum = 0.9, .nesterov = true}, 0.1);
    expect_trajectory("optimiser_sgd_weight_decay", sgd{.weight_decay = 0.01}, 0.1);
    expect_trajectory("optimiser_sgd_momentum_weight_decay", sgd{.momentum = 0.9, .weight_decay = 0.01}, 0.1);
}

TEST(sgd, decays_only_where_wanted) {
    expect_decay_only_where_wanted(sgd{.weight_decay = 0.1});
    expect_decay_only_where_wanted(sgd{.momentum = 0.5, .weight_decay = 0.1, .nesterov = true});
}

TEST(sgd, leaves_its_slot_alone_without_momentum) {
    trajectory<float> run{{1, 2}, {{7, 7}}};
    run.step(sgd{}, {1, 1}, 1, 0.5);
    EXPECT_EQ(run.parameter, (std::vector<float>{0.5f, 1.5f}));
    EXPECT_EQ(run.slots[0], (std::vector<float>{7, 7}));
}

}  // namespace
}  // namespace tessera
