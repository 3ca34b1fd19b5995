#include <tessera/train/loss/kl_divergence.hpp>

#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../reference_case.hpp"
#include "loss_run.hpp"

namespace tessera {
namespace {

struct rows : network<identity, shape<5>> {};

TEST(kl_divergence, equals_the_reference) {
    const reference_case wanted("loss_kl_div_batchmean");
    loss_run<rows, kl_divergence, 6> run;
    run.real(0) = wanted.numbers("input");
    run.real(1) = wanted.numbers("target");
    run();
    expect_near({run.loss()}, wanted.numbers("output"));
    expect_near(run.gradient(0), wanted.numbers("gradient.input"));
}

TEST(kl_divergence, has_the_gradient_of_central_differences) {
    EXPECT_LT((gradient_check<rows, kl_divergence>().error), 1e-6);
}

TEST(kl_divergence, takes_nothing_from_a_class_of_probability_zero) {
    loss_run<rows, kl_divergence, 1> run;
    run.real(0) = std::vector<double>(5, std::log(0.2));
    run.real(1) = {1, 0, 0, 0, 0};
    run();
    EXPECT_NEAR(run.loss(), std::log(5.0), 1e-12);
    expect_near(run.gradient(0), {-1, 0, 0, 0, 0});
}

}  // namespace
}  // namespace tessera
