#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <span>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/regularisation/dropout.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/optimiser/clip_by_norm.hpp>
#include <tessera/train/optimiser/global_norm.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>
#include <vector>

namespace {

using namespace tessera;

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

}  // namespace
