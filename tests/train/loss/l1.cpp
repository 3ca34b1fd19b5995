#include <tessera/train/loss/l1.hpp>

#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../reference_case.hpp"
#include "loss_run.hpp"

namespace tessera {
namespace {

struct rows : network<identity, shape<5>> {};

TEST(l1, equals_the_reference) {
    const reference_case wanted("loss_l1");
    loss_run<rows, l1, 6> run;
    run.real(0) = wanted.numbers("input");
    run.real(1) = wanted.numbers("target");
    run();
    expect_near({run.loss()}, wanted.numbers("output"));
    expect_near(run.gradient(0), wanted.numbers("gradient.input"));
}

TEST(l1, has_the_gradient_of_central_differences) { EXPECT_LT((gradient_check<rows, l1>().error), 1e-6); }

TEST(l1, has_no_gradient_on_target) {
    loss_run<rows, l1, 1> run;
    run.real(0) = {1, 2, 3, 4, 5};
    run.real(1) = {1, 2, 3, 4, 6};
    run();
    EXPECT_DOUBLE_EQ(run.loss(), 0.2);
    expect_near(run.gradient(0), {0, 0, 0, 0, -0.2});
}

}  // namespace
}  // namespace tessera
