#include <tessera/train/loss/soft_cross_entropy.hpp>

#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../reference_case.hpp"
#include "loss_run.hpp"

namespace tessera {
namespace {

struct rows : network<identity, shape<5>> {};

TEST(soft_cross_entropy, equals_the_reference) {
    const reference_case wanted("loss_cross_entropy_soft_targets");
    loss_run<rows, soft_cross_entropy, 6> run;
    run.real(0) = wanted.numbers("input");
    run.real(1) = wanted.numbers("target");
    run();
    expect_near({run.loss()}, wanted.numbers("output"));
    expect_near(run.gradient(0), wanted.numbers("gradient.input"));
}

TEST(soft_cross_entropy, has_the_gradient_of_central_differences) {
    EXPECT_LT((gradient_check<rows, soft_cross_entropy>().error), 1e-6);
}

TEST(soft_cross_entropy, has_a_gradient_for_the_targets) {
    loss_run<rows, soft_cross_entropy, 1> run;
    run.real(0) = {0, 0, 0, 0, 0};
    run.real(1) = {1, 0, 0, 0, 0};
    run();
    expect_near(run.gradient(1), std::vector<double>(5, std::log(5.0)));
}

}  // namespace
}  // namespace tessera
