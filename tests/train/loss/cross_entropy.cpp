#include <tessera/train/loss/cross_entropy.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradient_check.hpp>
#include <tessera/train/gradients_of.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>
#include <vector>

#include "../reference_case.hpp"
#include "loss_run.hpp"

namespace tessera {

using namespace detail;
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

TEST(cross_entropy, ignores_a_label) { expect_case<cross_entropy_with<ignore_label<>>>("loss_cross_entropy_ignored"); }

struct positions : network<identity, shape<3, 5>> {};
using ignoring = cross_entropy_with<ignore_label<255>, label_smoothing<0.1>>;

TEST(cross_entropy, is_the_mean_over_the_positions_of_the_batch_that_count) {
    const reference_case wanted("loss_cross_entropy_ignored_positions");
    loss_run<positions, ignoring, 4> run;
    run.real(0) = wanted.numbers("input");
    run.labels(1) = wanted.integers("target");
    run();
    expect_near({run.loss()}, wanted.numbers("output"));
    expect_near(run.gradient(0), wanted.numbers("gradient.input"));
}

// a class may be ignored as well: a background, say
TEST(cross_entropy, ignores_a_class) {
    loss_run<rows, cross_entropy_with<ignore_label<1>>, 3> some;
    loss_run<rows, cross_entropy, 1> one;
    some.real(0) = {9, 9, 8, 1, 2, 1, -2, 0.5, 0, 1, 7, 0, 0, 0, 0};
    some.labels(1) = {1, 3, 1};
    one.real(0) = {1, -2, 0.5, 0, 1};
    one.labels(1) = {3};
    some();
    one();
    EXPECT_NEAR(some.loss(), one.loss(), 1e-12);
    std::vector<double> wanted(15);
    std::ranges::copy(one.gradient(0), wanted.begin() + 5);
    expect_near(some.gradient(0), wanted);
}

TEST(cross_entropy, is_0_where_all_labels_are_ignored) {
    loss_run<positions, ignoring, 2> run;
    run.real(0) = std::vector<double>(30, 1.5);
    run.labels(1) = std::vector<std::int32_t>(6, 255);
    run();
    EXPECT_EQ(run.loss(), 0);
    EXPECT_EQ(run.gradient(0), std::vector<double>(30));
}

static_assert(ignoring::ignores(255) && !ignoring::ignores(-100) && !ignoring::ignores(0));
static_assert(cross_entropy_with<ignore_label<>>::ignores(-100) && !cross_entropy::ignores(-100));

// both backends, float, a trainer: a label that is no class is let through, another one is not
template <class Backend> void expect_trains_past_ignored_labels() {
    model<trained, Backend, batch<3>> m(1), alone(1);
    trainer<decltype(m), cross_entropy_with<ignore_label<>>, sgd> t(m);
    trainer<decltype(m), cross_entropy, sgd> plain(alone);
    const std::vector<float> x{1, 2, 3, -1, 0.5F, 1, 0, 2, -1};
    const float loss = t.step(0.1, x, std::vector<std::int32_t>{-100, 2, -100});
    EXPECT_NEAR(loss, plain.step(0.1, std::span(x).subspan(3, 3), std::vector<std::int32_t>{2}), 1e-6);
    for (std::size_t i = 0; i < m.parameters().size(); ++i)
        EXPECT_NEAR(m.parameters()[i], alone.parameters()[i], 1e-6) << i;
    const std::vector<float> before(m.parameters().begin(), m.parameters().end());
    EXPECT_EQ(t.step(0.1, x, std::vector<std::int32_t>{-100, -100, -100}), 0);
    EXPECT_EQ(t.left_out(), 0);
    EXPECT_TRUE(std::ranges::equal(m.parameters(), before));
    EXPECT_DEATH(t.step(0.1, x, std::vector<std::int32_t>{-100, 2, -1}),
                 "input 'labels', element 2: expected an index from 0 to 3, found -1");
    EXPECT_DEATH(plain.step(0.1, x, std::vector<std::int32_t>{-100, 2, 1}), "element 0: expected an index from 0 to 3");
}

TEST(cross_entropy, trains_past_ignored_labels) {
    expect_trains_past_ignored_labels<backend::scalar>();
    expect_trains_past_ignored_labels<backend::simd>();
}

// each sample has the gradient of its own loss, whatever else is in the batch
TEST(cross_entropy, of_a_sample_by_itself_divides_by_its_own_positions) {
    using explained = model<positions, backend::scalar, batch<2>, double, gradients_of<ignoring>>;
    explained two(1), one(1);
    std::vector<double> x(30);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = 0.1 * static_cast<double>(i * 7 % 11);
    two(x, std::vector<std::int32_t>{1, 255, 0, 255, 255, 3});
    const std::vector<double> gradient(two.gradient().begin(), two.gradient().end());
    one(std::span(x).first(15), std::vector<std::int32_t>{1, 255, 0});
    expect_near(std::vector<double>(one.gradient().begin(), one.gradient().end()),
                {gradient.begin(), gradient.begin() + 15});
    EXPECT_NEAR(two.losses()[0], one.losses()[0], 1e-12);
    one(std::span(x).last(15), std::vector<std::int32_t>{255, 255, 3});
    expect_near(std::vector<double>(one.gradient().begin(), one.gradient().end()),
                {gradient.begin() + 15, gradient.end()});
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
    EXPECT_LT((gradient_check<trained, cross_entropy_with<ignore_label<1>, label_smoothing<0.1>>>().error), 1e-6);
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
