#include <tessera/train/loss/hinge.hpp>

#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../reference_case.hpp"
#include "loss_run.hpp"

namespace tessera {
namespace {

struct rows : network<identity, shape<1>> {};

TEST(hinge, equals_the_reference) {
    const reference_case wanted("loss_hinge_binary");
    loss_run<rows, hinge, 6> run;
    run.real(0) = wanted.numbers("input");
    run.real(1) = wanted.numbers("target");
    run();
    expect_near({run.loss()}, wanted.numbers("output"));
    expect_near(run.gradient(0), wanted.numbers("gradient.input"));
}

TEST(hinge, has_the_gradient_of_central_differences) { EXPECT_LT((gradient_check<rows, hinge>().error), 1e-6); }

struct five : network<identity, shape<5>> {};

TEST(hinge, has_no_gradient_outside_the_margin_or_on_it) {
    loss_run<five, hinge, 1> run;
    run.real(0) = {2, 1, 0.5, -0.5, -3};
    run.real(1) = {1, 1, 1, -1, 1};
    run();
    EXPECT_DOUBLE_EQ(run.loss(), (0.5 + 0.5 + 4) / 5);
    expect_near(run.gradient(0), {0, 0, -0.2, 0.2, -0.2});
}

}  // namespace
}  // namespace tessera
