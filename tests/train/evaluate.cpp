#include "../message_of.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/train/evaluate.hpp>
#include <tessera/train/loss/hinge.hpp>
#include <tessera/train/loss/multi_class_hinge.hpp>
#include <tessera/train/loss/soft_cross_entropy.hpp>
#include <vector>

namespace {

using namespace tessera;
using namespace tessera::detail;

struct net : network<dense<3>, shape<2>> {};

// scores are (x, y, 0)
template <class Model> void set_weights(Model& m) {
    auto weight = m.parameter("weight");  // (2, 3)
    weight[0] = 1, weight[1] = 0, weight[2] = 0, weight[3] = 0, weight[4] = 1, weight[5] = 0;
}

dataset points() {
    return {{2, 0, 0, 1, -1, -2, 3, 1, 1, 4, -1, 1, 0.5F, 0.25F}, {0, 1, 2, 1, 1, 2, 0}, {1, 1, 2}, {"a", "b", "c"}};
}

template <class Backend, int Capacity> void expect_known_result() {
    model<net, Backend, batch<Capacity>> m(1);
    set_weights(m);
    const dataset data = points();
    double loss = 0;
    for (std::size_t i = 0; i < data.size(); ++i) {
        const double s[] = {data.images[2 * i], data.images[2 * i + 1], 0};
        loss += std::log(std::exp(s[0]) + std::exp(s[1]) + 1) - s[data.labels[i]];
    }
    const evaluation e = evaluate(m, data);
    EXPECT_NEAR(e.loss, loss / 7, 1e-6);
    EXPECT_DOUBLE_EQ(e.accuracy, 5.0 / 7);
    EXPECT_EQ(e.confusion.total(), 7);
    EXPECT_EQ(e.confusion.count(1, 0), 1);
    EXPECT_EQ(e.confusion.count(2, 1), 1);
    EXPECT_EQ(e.confusion.count(0, 0), 2);
    EXPECT_NEAR(evaluate<soft_cross_entropy>(m, data).loss, e.loss, 1e-6);
}

TEST(evaluate, in_batches_of_any_size) {
    expect_known_result<backend::scalar, 1>();
    expect_known_result<backend::scalar, 3>();
    expect_known_result<backend::scalar, 7>();
    expect_known_result<backend::scalar, 20>();
    expect_known_result<backend::simd, 3>();
}

// NaN is below all, wherever it stands, as in confusion_matrix::add_scores
TEST(evaluate, does_not_take_nan_for_the_largest_score) {
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    const std::vector<float> scores{nan, 1, 2, 1, nan, 0, 1, 2, nan, nan, nan, nan, nan, -1, nan};
    const output_view<float> view(scores.data(), {3}, 5);
    confusion_matrix confusion(3);
    confusion.add_scores(scores, std::vector<std::int32_t>{2, 0, 1, 0, 1});
    EXPECT_EQ(confusion.accuracy(), 1);
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(view.largest(i), (std::array{2, 0, 1, 0, 1}[static_cast<std::size_t>(i)])) << i;
}

TEST(evaluate, with_another_loss) {
    model<net, backend::scalar, batch<4>> m(1);
    set_weights(m);
    dataset one = points().take(1);  // scores (2, 0, 0), label 0
    EXPECT_NEAR(evaluate<multi_class_hinge>(m, one).loss, 0, 1e-7);
    one.labels[0] = 1;
    EXPECT_NEAR(evaluate<multi_class_hinge>(m, one).loss, (3 + 1) / 3.0, 1e-6);
}

TEST(evaluate, with_a_loss_of_signs) {
    model<net, backend::scalar, batch<4>> m(1);
    set_weights(m);
    const dataset one{{0.5F, 0.25F}, {0}, {1, 1, 2}, {"a", "b", "c"}};  // scores (0.5, 0.25, 0), targets (1, -1, -1)
    EXPECT_NEAR(evaluate<hinge>(m, one).loss, (0.5 + 1.25 + 1) / 3, 1e-6);
}

struct normalised : network<(dense<3> >> batch_norm), shape<2>> {};

TEST(evaluate, runs_as_for_inference_and_changes_nothing) {
    model<normalised, backend::scalar, batch<4>> m(1);
    const std::vector<float> parameters(m.parameters().begin(), m.parameters().end());
    const std::vector<float> states(m.states().begin(), m.states().end());
    const dataset data = points();
    const evaluation e = evaluate(m, data);
    int right = 0;
    for (std::size_t i = 0; i < data.size(); ++i) right += m(data.image(i)).largest() == data.labels[i];
    EXPECT_DOUBLE_EQ(e.accuracy, right / 7.0);
    EXPECT_EQ(evaluate(m, data).loss, e.loss);
    EXPECT_TRUE(std::ranges::equal(m.parameters(), parameters));
    EXPECT_TRUE(std::ranges::equal(m.states(), states));
}

// as though samples of the ignored label were not there, whatever the batch that they are in
TEST(evaluate, leaves_out_ignored_labels) {
    using ignoring = cross_entropy_with<ignore_label<255>>;
    model<net, backend::scalar, batch<3>> m(1);
    set_weights(m);
    dataset data = points();
    data.ignored = 255;
    for (const std::size_t i : {0U, 1U, 2U, 4U}) data.labels[i] = 255;  // the first batch has none left
    const std::size_t kept[] = {3, 5, 6};
    const evaluation e = evaluate<ignoring>(m, data), wanted = evaluate(m, data.select(kept));
    EXPECT_NEAR(e.loss, wanted.loss, 1e-6);
    EXPECT_EQ(e.accuracy, wanted.accuracy);
    EXPECT_EQ(e.confusion.total(), 3);
    EXPECT_EQ(tests::message_of([&] { evaluate(m, data); }), "batch, sample 0: expected a label below 3, found 255");
    std::ranges::fill(data.labels, 255);
    EXPECT_EQ(tests::message_of([&] { evaluate<ignoring>(m, data); }),
              "evaluate: expected at least one label that counts, found none");
    data.ignored.reset();
    EXPECT_EQ(tests::message_of([&] { evaluate<ignoring>(m, data); }),
              "evaluate, sample 0: expected a label in 0..2, found 255");
}

std::string message_of(const dataset& data) {
    model<net, backend::scalar, batch<4>> m(1);
    try {
        evaluate(m, data);
    } catch (const error& e) {
        return e.what();
    }
    return {};
}

TEST(evaluate, refuses_data_that_do_not_fit) {
    EXPECT_EQ(message_of(points()), "");
    EXPECT_EQ(message_of(points().take(0)), "evaluate: expected at least one sample, found none");
    dataset wide = points();
    wide.extents = {1, 2, 1};
    EXPECT_EQ(message_of(wide), "");  // as many values
    wide.extents = {1, 1, 1};
    EXPECT_NE(message_of(wide).find("evaluate: expected 7 images of "), std::string::npos);
    dataset pairs{{1, 2, 3, 4}, {0}, {1, 2, 2}, {"a"}};
    EXPECT_TRUE(
        message_of(pairs).starts_with("evaluate: expected images of 2 values, as the network takes them, found "));
    dataset many = points();
    many.class_names.push_back("d");
    EXPECT_EQ(message_of(many), "");  // a class that does not occur
    many.labels[2] = 3;
    EXPECT_EQ(message_of(many), "evaluate: expected labels below 3, the classes of the network, found 3");
}

}  // namespace
