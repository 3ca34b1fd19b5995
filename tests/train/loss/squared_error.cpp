#include <tessera/train/loss/squared_error.hpp>

#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../reference_case.hpp"
#include "loss_run.hpp"

namespace tessera {
namespace {

struct rows : network<identity, shape<5>> {};

TEST(squared_error, equals_the_reference) {
    const reference_case wanted("loss_mse");
    loss_run<rows, squared_error, 6> run;
    run.real(0) = wanted.numbers("input");
    run.real(1) = wanted.numbers("target");
    run();
    expect_near({run.loss()}, wanted.numbers("output"));
    expect_near(run.gradient(0), wanted.numbers("gradient.input"));
}

TEST(squared_error, has_the_gradient_of_central_differences) {
    EXPECT_LT((gradient_check<rows, squared_error>().error), 1e-6);
}

TEST(squared_error, is_zero_on_target) {
    loss_run<rows, squared_error, 1> run;
    run.real(0) = run.real(1) = {1, -2, 3, 0, 5};
    run();
    EXPECT_EQ(run.loss(), 0);
    EXPECT_EQ(run.gradient(0), std::vector<double>(5, 0.0));
}

}  // namespace
}  // namespace tessera
