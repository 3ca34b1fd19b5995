#include <tessera/train/loss/multi_class_hinge.hpp>

#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../reference_case.hpp"
#include "loss_run.hpp"

namespace tessera {
namespace {

struct rows : network<identity, shape<5>> {};
struct sequence : network<identity, shape<2, 3>> {};
struct number : network<identity, shape<>> {};

TEST(multi_class_hinge, equals_the_reference) {
    const reference_case wanted("loss_hinge_multi_class");
    loss_run<rows, multi_class_hinge, 6> run;
    run.real(0) = wanted.numbers("input");
    run.labels(1) = wanted.integers("target");
    run();
    expect_near({run.loss()}, wanted.numbers("output"));
    expect_near(run.gradient(0), wanted.numbers("gradient.input"));
}

TEST(multi_class_hinge, has_the_gradient_of_central_differences) {
    EXPECT_LT((gradient_check<sequence, multi_class_hinge>().error), 1e-6);
}

TEST(multi_class_hinge, is_the_mean_over_positions) {
    loss_run<sequence, multi_class_hinge, 1> run;
    run.real(0) = {3, 2.5, 0, 0, 1, 2};
    run.labels(1) = {0, 1};
    run();
    EXPECT_DOUBLE_EQ(run.loss(), (0.5 / 3 + 2.0 / 3) / 2);
}

TEST(multi_class_hinge, refuses_an_output_without_classes) {
    EXPECT_EQ((fault_of<number, multi_class_hinge>().expected.view()), "scores (..., classes)");
}

}  // namespace
}  // namespace tessera
