#include <tessera/train/loss/huber.hpp>

#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../reference_case.hpp"
#include "loss_run.hpp"

namespace tessera {
namespace {

struct rows : network<identity, shape<5>> {};

TEST(huber, equals_the_reference) {
    const reference_case wanted("loss_huber");
    loss_run<rows, huber<>, 6> run;
    run.real(0) = wanted.numbers("input");
    run.real(1) = wanted.numbers("target");
    run();
    expect_near({run.loss()}, wanted.numbers("output"));
    expect_near(run.gradient(0), wanted.numbers("gradient.input"));
}

TEST(huber, has_the_gradient_of_central_differences) { EXPECT_LT((gradient_check<rows, huber<>>().error), 1e-6); }

TEST(huber, is_linear_beyond_delta) {
    loss_run<rows, huber<0.5>, 1> run;
    run.real(0) = {0, 0.25, -0.5, 2, -3};
    run.real(1) = {0, 0, 0, 0, 0};
    run();
    EXPECT_DOUBLE_EQ(run.loss(), (0.03125 + 0.125 + 0.5 * 1.75 + 0.5 * 2.75) / 5);
    expect_near(run.gradient(0), {0, 0.05, -0.1, 0.1, -0.1});
}

}  // namespace
}  // namespace tessera
