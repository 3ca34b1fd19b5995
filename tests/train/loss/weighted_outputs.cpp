#include <tessera/train/loss/weighted_outputs.hpp>

#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>

#include "loss_run.hpp"

namespace tessera {
namespace {

struct pairs : network<identity, in<"one", shape<2>>, in<"other", shape<3>>> {};

TEST(weighted_outputs, has_the_weights_as_its_gradient) {
    loss_run<pairs, weighted_outputs, 1> run;
    run.real(0) = {1, 2};
    run.real(1) = {3, 4, 5};
    run.real(2) = {0.5, -1};
    run.real(3) = {1, 0, 2};
    run();
    EXPECT_DOUBLE_EQ(run.loss(), 0.5 - 2 + 3 + 10);
    EXPECT_EQ(run.gradient(0), run.real(2));
    EXPECT_EQ(run.gradient(1), run.real(3));
}

}  // namespace
}  // namespace tessera
