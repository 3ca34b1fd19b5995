#include <tessera/train/loss/bce_with_logits.hpp>

#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../reference_case.hpp"
#include "loss_run.hpp"

namespace tessera {
namespace {

struct rows : network<identity, shape<5>> {};

TEST(bce_with_logits, equals_the_reference) {
    const reference_case wanted("loss_bce_with_logits");
    loss_run<rows, bce_with_logits, 6> run;
    run.real(0) = wanted.numbers("input");
    run.real(1) = wanted.numbers("target");
    run();
    expect_near({run.loss()}, wanted.numbers("output"));
    expect_near(run.gradient(0), wanted.numbers("gradient.input"));
}

TEST(bce_with_logits, has_the_gradient_of_central_differences) {
    EXPECT_LT((gradient_check<rows, bce_with_logits>().error), 1e-6);
}

TEST(bce_with_logits, stays_finite_and_exact_at_extremes_and_at_zero) {
    loss_run<rows, bce_with_logits, 1> run;
    run.real(0) = {1000, -1000, 1000, -1000, 0};
    run.real(1) = {1, 0, 0, 1, 1};
    run();
    EXPECT_NEAR(run.loss(), (2000 + std::log(2.0)) / 5, 1e-12);
    expect_near(run.gradient(0), {0, 0, 0.2, -0.2, -0.1});
}

}  // namespace
}  // namespace tessera
