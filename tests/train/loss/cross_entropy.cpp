#include <tessera/train/loss/cross_entropy.hpp>

#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../reference_case.hpp"
#include "loss_run.hpp"

namespace tessera {
namespace {

struct rows : network<identity, shape<5>> {};
struct sequence : network<identity, shape<2, 3>> {};
struct number : network<identity, shape<>> {};
struct trained : network<dense<4>, shape<3>> {};

using weights =
    class_weights<2.662740034044818, 0.15187954771519105, 0.6815899335180063, 0.8177474512779537, 2.3600666659030733>;

template <class Loss> void expect_case(const std::string& name) {
    const reference_case wanted(name);
    loss_run<rows, Loss, 6> run;
    run.real(0) = wanted.numbers("input");
    run.labels(1) = wanted.integers("target");
    run();
    expect_near({run.loss()}, wanted.numbers("output"));
    expect_near(run.gradient(0), wanted.numbers("gradient.input"));
}

TEST(cross_entropy, equals_the_reference) { expect_case<cross_entropy>("loss_cross_entropy_labels"); }

TEST(cross_entropy, smooths_labels) {
    expect_case<cross_entropy_with<label_smoothing<0.1>>>("loss_cross_entropy_label_smoothing");
}

TEST(cross_entropy, weighs_classes_and_divides_by_the_samples) {
    expect_case<cross_entropy_with<weights>>("loss_cross_entropy_class_weights_over_batch");
}

TEST(cross_entropy, weighs_what_smoothing_adds_whatever_the_order_of_the_options) {
    loss_run<rows, cross_entropy_with<class_weights<1, 1, 1, 1, 3>, label_smoothing<0.5>>, 1> one;
    loss_run<rows, cross_entropy_with<label_smoothing<0.5>, class_weights<1, 1, 1, 1, 3>>, 1> other;
    one.real(0) = other.real(0) = {0, 0, 0, 0, 0};
    one.labels(1) = other.labels(1) = {0};
    one();
    other();
    EXPECT_NEAR(one.loss(), (0.6 + 3 * 0.1 + 3 * 0.1) * std::log(5.0), 1e-12);
    EXPECT_EQ(one.loss(), other.loss());
}

TEST(cross_entropy, is_the_mean_over_positions) {
    loss_run<sequence, cross_entropy, 1> run;
    run.real(0) = {std::log(2.0), 0, 0, 0, std::log(6.0), 0};
    run.labels(1) = {0, 2};
    run();
    EXPECT_NEAR(run.loss(), (std::log(2.0) + std::log(8.0)) / 2, 1e-12);
}

TEST(cross_entropy, stays_finite_for_large_logits) {
    loss_run<rows, cross_entropy, 1> run;
    run.real(0) = {1e4, 0, -1e4, 0, 0};
    run.labels(1) = {2};
    run();
    EXPECT_NEAR(run.loss(), 2e4, 1e-8);
    expect_near(run.gradient(0), {1, 0, -1, 0, 0});
}

TEST(cross_entropy, has_the_gradient_of_central_differences) {
    using weighted = cross_entropy_with<label_smoothing<0.1>, class_weights<1, 1, 2, 0.5>>;
    EXPECT_LT((gradient_check<trained, cross_entropy>().error), 1e-6);
    EXPECT_LT((gradient_check<trained, weighted>().error), 1e-6);
}

TEST(cross_entropy, refuses_other_than_a_weight_for_each_class) {
    const fault f = fault_of<rows, cross_entropy_with<class_weights<1, 2, 3>>>();
    EXPECT_EQ(f.expected.view(), "3 classes, as weights");
    EXPECT_EQ(f.found.view(), "shape (5)");
}

TEST(cross_entropy, refuses_an_output_without_classes) {
    EXPECT_EQ((fault_of<number, cross_entropy>().expected.view()), "logits (..., classes)");
}

}  // namespace
}  // namespace tessera
