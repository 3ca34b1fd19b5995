#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/regularisation/dropout.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/optimiser/adam.hpp>
#include <tessera/train/optimiser/adamw.hpp>
#include <tessera/train/optimiser/all_finite.hpp>
#include <tessera/train/optimiser/clip_by_norm.hpp>
#include <tessera/train/optimiser/global_norm.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using namespace tessera;
using namespace tessera::detail;

struct net : network<dense<3>, shape<2>> {};
using small = model<net, backend::scalar, batch<4>>;
using small_trainer = trainer<small, cross_entropy, sgd>;

const std::vector<float> points{2, 0, 0, 1, -1, -2, 3, 1};
const std::vector<std::int32_t> labels{1, 2, 0, 1};

template <class Range> std::vector<float> copy_of(const Range& r) { return {r.begin(), r.end()}; }

TEST(trainer, a_step_shortens_gradients_to_clip_norm) {
    constexpr double most = 0.25;
    small m(1), other(1);
    small_trainer clipped(m, {}, {.clip_norm = most}), by_hand(other);
    clipped.step(0.1, points, labels);
    by_hand.compute(points, labels);
    ASSERT_GT(clip_by_norm(by_hand.gradients(), most), 2 * most);
    by_hand.apply(0.1);
    EXPECT_EQ(copy_of(m.parameters()), copy_of(other.parameters()));
    EXPECT_EQ(copy_of(clipped.gradients()), copy_of(by_hand.gradients()));
}

TEST(trainer, averages_the_parameters_of_every_step) {
    constexpr float decay = 0.75F;
    small m(1);
    small_trainer t(m, {}, {.average_decay = decay});
    std::vector<float> wanted = copy_of(m.parameters());
    EXPECT_EQ(copy_of(t.average()), wanted);
    for (int step = 0; step < 3; ++step) {
        t.step(0.5, points, labels);
        ASSERT_NE(copy_of(m.parameters()), wanted);
        for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i] = decay * wanted[i] + (1 - decay) * m.parameters()[i];
        const std::vector<float> found = copy_of(t.average());
        for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(found[i], wanted[i], 1e-6) << step << ", " << i;
    }
}

TEST(trainer, accumulated_parts_make_the_step_of_the_joined_batch) {
    small whole(1), parts(1);
    small_trainer joined(whole, sgd{.momentum = 0.9}, {.clip_norm = 0.5});
    small_trainer in_parts(parts, sgd{.momentum = 0.9}, {.clip_norm = 0.5, .accumulate = 2});
    const std::span<const float> x(points);
    const std::span<const std::int32_t> y(labels);
    for (long step = 0; step < 4; ++step) {
        const std::vector<float> before = copy_of(parts.parameters());
        const float loss = joined.step(0.1, x, y);
        // of 3 samples and of 1, which count by their samples
        const float first = in_parts.step(7.0, x.first(6), y.first(3));
        EXPECT_EQ(copy_of(parts.parameters()), before);
        EXPECT_EQ(in_parts.steps(), step);
        const float second = in_parts.step(0.1, x.subspan(6), y.subspan(3));
        EXPECT_EQ(in_parts.steps(), step + 1);
        EXPECT_NEAR((3 * first + second) / 4, loss, 1e-5);
        ASSERT_NE(copy_of(parts.parameters()), before);
        for (std::size_t i = 0; i < before.size(); ++i)
            EXPECT_NEAR(parts.parameters()[i], whole.parameters()[i], 1e-5) << step << ", " << i;
    }
    EXPECT_EQ(in_parts.updates(0), 4);
}

TEST(trainer, a_part_that_is_not_finite_is_left_out_of_the_sum) {
    small wanted(1), m(1);
    small_trainer usual(wanted), t(m, {}, {.accumulate = 2});
    const std::vector<float> bad{2, std::numeric_limits<float>::quiet_NaN(), 0, 1, -1, -2, 3, 1};
    usual.step(0.1, points, labels);
    t.step(0.1, points, labels);
    t.step(0.1, bad, labels);
    EXPECT_EQ(t.left_out(), 1);
    EXPECT_EQ(t.steps(), 1);
    const std::vector<float> after = copy_of(m.parameters());
    for (std::size_t i = 0; i < after.size(); ++i) EXPECT_NEAR(after[i], wanted.parameters()[i], 1e-6);
    t.step(0.1, bad, labels);
    t.step(0.1, bad, labels);
    EXPECT_EQ(t.left_out(), 3);
    EXPECT_EQ(t.steps(), 2);
    EXPECT_EQ(t.updates(0), 1);
    EXPECT_EQ(copy_of(m.parameters()), after);
}

TEST(trainer, an_optimiser_that_begins_anew_drops_what_was_summed) {
    small wanted(1), m(1);
    small_trainer usual(wanted), t(m, {}, {.accumulate = 2});
    const std::vector<float> others{1, 1, -1, 4, 0, 0, 2, -3};
    usual.step(0.1, points, labels);
    t.step(0.1, others, labels);
    t.reset_optimiser();
    t.step(0.1, points, labels);
    EXPECT_EQ(t.steps(), 0);
    t.step(0.1, points, labels);
    EXPECT_EQ(t.steps(), 1);
    for (std::size_t i = 0; i < m.parameters().size(); ++i)
        EXPECT_NEAR(m.parameters()[i], wanted.parameters()[i], 1e-6);
}

// a network of as many inputs as it may have, and the labels
inline constexpr auto all_of_eight = [](const values& x) {
    value total = x[0];
    for (int i = 1; i < x.count; ++i) total = total + x[i] * (i + 1);
    return total * parameter("scale", {2}, initial::constant(1)).with(total);
};
struct of_eight : network<all_of_eight, shape<2>, shape<2>, shape<2>, shape<2>, shape<2>, shape<2>, shape<2>,
                          in<"last", shape<2>>> {};
TEST(trainer, takes_labels_behind_eight_inputs) {
    model<of_eight, backend::scalar, batch<2>> m(1);
    trainer<decltype(m), cross_entropy, sgd> t(m);
    const std::vector<float> x{0.5F, 0, 0, 0.5F}, y{-0.25F, 0, 0, 0};
    // scores (0.5 (1 + ... + 7) - 2, 0) and (0, 14)
    const float loss = t.compute(x, x, x, x, x, x, x, y, std::vector<std::int32_t>{0, 0});
    EXPECT_NEAR(loss, (std::log1p(std::exp(-12.0)) + 14 + std::log1p(std::exp(-14.0))) / 2, 1e-5);
    EXPECT_NEAR(t.gradients()[1], 14 / (1 + std::exp(-14.0)) / 2, 1e-5);
}

TEST(trainer, keeps_no_average_unless_asked) {
    small m(1);
    small_trainer t(m);
    EXPECT_TRUE(t.average().empty());
}

struct dropping : network<(dense<32> >> dropout<0.5>), shape<2>> {};

TEST(trainer, draws_anew_for_every_batch_of_a_step) {
    using dropped = model<dropping, backend::scalar, batch<4>>;
    dropped m(1);
    trainer<dropped, cross_entropy, sgd> one(m, {}, {.seed = 5}), again(m, {}, {.seed = 5});
    std::vector<std::vector<float>> seen;
    for (int pass = 0; pass < 3; ++pass) {
        one.compute(points, labels);
        again.compute(points, labels);
        EXPECT_EQ(copy_of(one.output()), copy_of(again.output()));
        for (const auto& other : seen) EXPECT_NE(copy_of(one.output()), other);
        seen.push_back(copy_of(one.output()));
    }
}

TEST(trainer, that_is_set_back_draws_as_at_first) {
    using dropped = model<dropping, backend::scalar, batch<4>>;
    dropped m(1);
    trainer<dropped, cross_entropy, sgd> t(m);
    t.compute(points, labels);
    const std::vector<float> first = copy_of(t.output());
    t.compute(points, labels);
    t.set_steps(0);
    t.compute(points, labels);
    EXPECT_EQ(copy_of(t.output()), first);
}

// a picture with a NaN in it, and what else makes numbers that are not finite
struct normalised : network<(dense<4> >> batch_norm >> relu >> dense<3>), shape<2>> {};
template <class Backend> using normal_model = model<normalised, Backend, batch<4>>;

// what a step may change
template <class Trainer> std::vector<std::vector<float>> everything(Trainer& t) {
    return {copy_of(t.trained().parameters()), copy_of(t.trained().states()), copy_of(t.slot(0)), copy_of(t.slot(1)),
            copy_of(t.average())};
}

template <class Backend> void expect_leaves_out(float bad) {
    normal_model<Backend> m(1);
    trainer<normal_model<Backend>, cross_entropy, adam> t(m, {}, {.average_decay = 0.9});
    t.step(0.1, points, labels);
    const auto before = everything(t);
    std::vector<float> spoilt = points;
    spoilt[5] = bad;
    EXPECT_FALSE(std::isfinite(t.step(0.1, spoilt, labels)) && t.left_out() == 0);
    EXPECT_EQ(t.left_out(), 1);
    EXPECT_EQ(t.steps(), 2);
    EXPECT_EQ(t.updates(0), 1);
    EXPECT_EQ(everything(t), before);
    t.compute(spoilt, labels);
    EXPECT_EQ(everything(t), before);
    EXPECT_FALSE(t.apply(0.1));
    EXPECT_EQ(everything(t), before);
    t.step(0.1, points, labels);
    EXPECT_EQ(t.left_out(), 2);
    EXPECT_EQ(t.updates(0), 2);
    EXPECT_NE(everything(t), before);
    for (const auto& list : everything(t)) EXPECT_TRUE(all_finite(std::span<const float>(list)));
}

TEST(trainer, leaves_out_a_step_that_is_not_finite) {
    constexpr float inf = std::numeric_limits<float>::infinity();
    for (float bad : {std::numeric_limits<float>::quiet_NaN(), inf, -inf}) {
        expect_leaves_out<backend::scalar>(bad);
        expect_leaves_out<backend::simd>(bad);
    }
}

// the loss is finite, the running variance is not
TEST(trainer, leaves_out_a_step_that_would_spoil_the_states) { expect_leaves_out<backend::scalar>(3e30F); }

TEST(trainer, leaves_out_a_step_of_a_rate_that_is_not_finite) {
    small m(1);
    small_trainer t(m);
    const std::vector<float> before = copy_of(m.parameters());
    t.step(std::numeric_limits<double>::quiet_NaN(), points, labels);
    t.compute(points, labels);
    EXPECT_FALSE(t.apply(std::numeric_limits<double>::infinity()));
    EXPECT_EQ(copy_of(m.parameters()), before);
    EXPECT_EQ(t.left_out(), 2);
    EXPECT_TRUE(t.apply(0.1));
    EXPECT_NE(copy_of(m.parameters()), before);
}

TEST(trainer, applies_gradients_that_were_put_right) {
    small m(1);
    small_trainer t(m);
    const std::vector<float> before = copy_of(m.parameters());
    t.compute(std::vector<float>{std::numeric_limits<float>::quiet_NaN(), 0}, std::vector<std::int32_t>{1});
    std::ranges::fill(t.gradients(), 1.0F);
    EXPECT_TRUE(t.apply(0.5));
    EXPECT_EQ(m.parameters()[0], before[0] - 0.5F);
}

TEST(trainer, has_groups_of_another_rate_and_decay) {
    using real_model = model<normalised, backend::scalar, batch<4>, double>;
    const std::vector<double> x(points.begin(), points.end());
    real_model m(1), other(1);
    trainer<real_model, cross_entropy, adamw> t(m, {.weight_decay = 0.1});
    t.group<"0">({.rate = 0.5, .weight_decay = 0.3});
    t.group<"0.bias">({.rate = 2, .weight_decay = 0.2, .spares = false});  // set last
    t.group<"3">({.weight_decay = 0});
    trainer<real_model, cross_entropy, adamw> plain(other, {.weight_decay = 0.1});
    const auto& table = normalised::table;
    std::vector<std::vector<double>> moments(2, std::vector<double>(other.parameters().size()));
    for (long step = 1; step <= 3; ++step) {
        t.step(0.1, x, labels);
        plain.compute(x, labels);
        for (int i = 0; i < table.parameter_count; ++i) {
            const auto& v = table.parameters[i];
            const std::string path(table.path_of(v).view());
            double rate = 0.1, decay = v.decays ? 0.1 : 0;
            if (path == "0.weight") rate = 0.05, decay = 0.3;
            if (path == "0.bias") rate = 0.2, decay = 0.2;
            if (path == "3.weight") decay = 0;
            const auto at = static_cast<std::size_t>(v.offset), n = static_cast<std::size_t>(v.shape.size());
            adamw{.weight_decay = decay}.update(
                other.parameters().subspan(at, n), std::span<const double>(plain.gradients().subspan(at, n)),
                std::array{moments[0].data() + at, moments[1].data() + at}, step, rate, true);
        }
        EXPECT_TRUE(std::ranges::equal(m.parameters(), other.parameters())) << step;
    }
    EXPECT_EQ(t.optimiser().weight_decay, 0.1);
}

// "*.weight" of both dense layers, by one pattern, and a path below it set later
TEST(trainer, a_group_may_be_a_pattern) {
    model<normalised, backend::scalar, batch<4>, double> m(1), other(1);
    const std::vector<double> x(points.begin(), points.end());
    trainer<decltype(m), cross_entropy, sgd> t(m, {.weight_decay = 0.1}), plain(other);
    t.group<"*.weight">({.rate = 0.5});
    t.group<"3*">({.rate = 3, .weight_decay = 0});
    const auto& table = normalised::table;
    for (int step = 0; step < 3; ++step) {
        t.step(0.1, x, labels);
        plain.compute(x, labels);
        for (int i = 0; i < table.parameter_count; ++i) {
            const auto& v = table.parameters[i];
            const std::string path(table.path_of(v).view());
            double rate = 0.1, decay = v.decays ? 0.1 : 0;
            if (path.ends_with(".weight")) rate = 0.05;
            if (path.starts_with("3")) rate = 0.1 * 3, decay = 0;
            for (int k = v.offset; k < v.offset + v.shape.size(); ++k) {
                double& w = other.parameters()[static_cast<std::size_t>(k)];
                w -= rate * (plain.gradients()[static_cast<std::size_t>(k)] + decay * w);
            }
        }
        for (std::size_t k = 0; k < m.parameters().size(); ++k)
            EXPECT_DOUBLE_EQ(m.parameters()[k], other.parameters()[k]) << step;
    }
}

// a rate of 0 leaves what it covers bit for bit, and the rest is changed as beside frozen ones
TEST(trainer, a_group_of_rate_0_stays_as_a_frozen_one_does) {
    using real_model = model<normalised, backend::simd, batch<4>>;
    real_model m(1), other(1);
    const std::vector<float> before = copy_of(m.parameter("0.weight")), bias = copy_of(m.parameter("3.bias"));
    trainer<real_model, cross_entropy, adamw> t(m);
    t.group<"0.*">({.rate = 0});
    t.group<"*bias">({.rate = 0});
    trainer<real_model, cross_entropy, adamw, freeze<"0.*">, freeze<"*bias">> frozen(other);
    for (int step = 0; step < 4; ++step) t.step(0.1, points, labels), frozen.step(0.1, points, labels);
    EXPECT_EQ(copy_of(m.parameter("0.weight")), before);
    EXPECT_EQ(copy_of(m.parameter("3.bias")), bias);
    EXPECT_EQ(copy_of(m.parameters()), copy_of(other.parameters()));
    EXPECT_NE(copy_of(m.parameter("3.weight")), copy_of(real_model(1).parameter("3.weight")));
}

struct counting {
    static constexpr int slots = 0;
    template <class T> void update(std::span<T>, std::span<const T>, std::array<T*, 0>, long step, double, bool) const {
        steps->push_back(step);
    }
    std::vector<long>* steps;
};

TEST(trainer, a_group_sets_the_decay_of_an_optimiser_that_has_one) {
    small m(1);
    std::vector<long> steps;
    trainer<small, cross_entropy, counting> t(m, {&steps});
    t.group<"weight">({.rate = 0.1});
    t.step(0.1, points, labels);
    t.step(0.1, points, labels);
    EXPECT_EQ(steps, (std::vector<long>{1, 1, 2, 2}));
    EXPECT_DEATH(t.group<"weight">({.weight_decay = 0.1}),
                 "trainer: group: expected an optimiser that has a weight decay, found one that has none");
}

static_assert(!std::is_copy_constructible_v<small_trainer> && !std::is_move_constructible_v<small_trainer>);
static_assert(!std::is_copy_assignable_v<small_trainer> && !std::is_move_assignable_v<small_trainer>);

template <class Backend> void expect_stops_when_moved_from() {
    using moving = model<net, Backend, batch<4>>;
    moving a(1);
    trainer<moving, cross_entropy, sgd> t(a);
    t.step(0.1, points, labels);
    const std::vector<float> trained = copy_of(a.parameters());
    moving b = std::move(a);
    EXPECT_EQ(copy_of(b.parameters()), trained);
    const std::string message = "tessera: model: expected one that holds its parameters, found one that was moved from";
    EXPECT_DEATH(t.step(0.1, points, labels), message);
    EXPECT_DEATH(a(points), message);
    EXPECT_DEATH(a.parameters(), message);
    const moving copy = a;
    EXPECT_DEATH(copy.states(), message);
    a = moving(2);  // the trainer's model again
    t.step(0.1, points, labels);
    EXPECT_NE(copy_of(a.parameters()), copy_of(moving(2).parameters()));
    EXPECT_EQ(copy_of(b.parameters()), trained);
    b = std::move(a);
    a = b;
    EXPECT_EQ(copy_of(a.parameters()), copy_of(b.parameters()));
    trainer<moving, cross_entropy, sgd> after(b);
    after.step(0.1, points, labels);
    EXPECT_NE(copy_of(a.parameters()), copy_of(b.parameters()));
}

TEST(trainer, stops_when_its_model_was_moved_from) {
    expect_stops_when_moved_from<backend::scalar>();
    expect_stops_when_moved_from<backend::simd>();
}

TEST(trainer, refuses_options_that_make_no_sense) {
    small m(1);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (double clip : {-1.0, nan})
        EXPECT_DEATH((small_trainer(m, {}, {.clip_norm = clip})),
                     "trainer: clip_norm: expected 0 or a length above it");
    for (double decay : {-0.1, 1.0, nan})
        EXPECT_DEATH((small_trainer(m, {}, {.average_decay = decay})), "trainer: average_decay: expected a number");
}

TEST(trainer, what_is_not_there_stops) {
    small m(1);
    small_trainer t(m);
    EXPECT_DEATH(t.output(), "output of a trainer: expected a step before it, found none");
    t.step(0.1, points, labels);
    for (int i : {-1, 1}) {
        const std::string found = std::to_string(i);
        EXPECT_DEATH(
            t.output(i),
            "output of a trainer: expected the number of an output of real numbers of the network, found " + found);
    }
    EXPECT_DEATH(t.slot(1), "slot of a trainer: expected the number of one of the optimiser's, found 1");
    EXPECT_DEATH(t.updates(2), "updates of a trainer: expected the number of a parameter of the network, found 2");
    EXPECT_DEATH(t.set_updates(-1, 3), "updates of a trainer: expected the number of a parameter");
    EXPECT_DEATH(t.output().largest(t.output().count), "result of a call: expected the number of a sample in it");
}

// its batch norm has one value a channel: variance 0, and nothing to divide by n - 1
TEST(trainer, takes_a_batch_of_one) {
    normal_model<backend::scalar> m(1);
    trainer<normal_model<backend::scalar>, cross_entropy, sgd> t(m);
    for (int i = 0; i < 3; ++i) t.step(0.1, std::vector<float>{2, 1}, std::vector<std::int32_t>{1});
    EXPECT_EQ(t.left_out(), 0);
    EXPECT_TRUE(all_finite(std::span<const float>(m.parameters())));
    EXPECT_TRUE(all_finite(std::span<const float>(m.states())));
}

}  // namespace
