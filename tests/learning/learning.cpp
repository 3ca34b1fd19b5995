// Small real problems are learnt; frozen parameters stay; equal seeds repeat a run bit for bit.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/data/data_loader.hpp>
#include <tessera/data/fashion_mnist.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/regularisation/dropout.hpp>
#include <tessera/train/fit.hpp>
#include <tessera/train/optimiser/adam.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/schedule/constant_rate.hpp>
#include <vector>

#include "../networks/lenet.hpp"

namespace {

using namespace tessera;

// two half circles that no straight line divides, each point moved at random
dataset two_moons(std::size_t count, std::uint64_t seed) {
    dataset data{{}, {}, {1, 1, 2}, {"upper", "lower"}};
    random_stream random(seed);
    for (std::size_t i = 0; i < count; ++i) {
        const auto moon = static_cast<std::int32_t>(i % 2);
        const float angle = random.uniform(0, std::numbers::pi_v<float>);
        const float x = std::cos(angle), y = std::sin(angle);
        data.images.push_back((moon ? 1 - x : x) + random.uniform(-0.2F, 0.2F));
        data.images.push_back((moon ? 0.5F - y : y) + random.uniform(-0.2F, 0.2F));
        data.labels.push_back(moon);
    }
    return data;
}

struct straight : network<dense<2>, shape<2>> {};
struct bent : network<(dense<16> >> layer<tanh> >> dense<16> >> layer<tanh> >> dense<2>), shape<2>> {};

// accuracy on points that were not trained on
template <class Net> double accuracy_on_moons() {
    const dataset seen = two_moons(400, 1), unseen = two_moons(400, 2);
    model<Net, backend::simd, batch<32>> m(7);
    trainer<decltype(m), cross_entropy, adam> t(m);
    fit(t, data_loader(seen, {.size = 32, .seed = 3}), no_validation{}, constant_rate{0.01}, {.epochs = 40});
    return evaluate(m, unseen).accuracy;
}

TEST(learning, two_moons_are_told_apart) { EXPECT_GT(accuracy_on_moons<bent>(), 0.95); }

TEST(learning, two_moons_need_more_than_a_straight_line) { EXPECT_LT(accuracy_on_moons<straight>(), 0.95); }

TEST(learning, lenet_learns_clothes_in_two_epochs) {
    if (fashion_mnist::folder().empty()) GTEST_SKIP() << "Fashion-MNIST is not installed";
    const dataset data = load_fashion_mnist().train.take(2000);
    model<networks::lenet, backend::simd, batch<16>> m(1);
    trainer<decltype(m), cross_entropy, adam> t(m);
    const fit_result r =
        fit(t, data_loader(data, {.size = 16, .seed = 1}), no_validation{}, constant_rate{2e-3}, {.epochs = 2});
    EXPECT_GT(evaluate(m, data).accuracy, 0.75);
    EXPECT_LT(r.epochs[1].loss, r.epochs[0].loss);
}

struct staged
    : network<(named<"body">(dense<8> >> batch_norm >> layer<tanh> >> dropout<0.2>) >> named<"head">(dense<2>)),
              shape<2>> {};
using staged_model = model<staged, backend::simd, batch<16>>;

template <class Range> std::vector<float> copy_of(const Range& r) { return {r.begin(), r.end()}; }

template <class... Frozen> std::vector<float> trained(staged_model& m, std::uint64_t seed) {
    const dataset data = two_moons(100, 1);
    trainer<staged_model, cross_entropy, sgd, Frozen...> t(m, sgd{.momentum = 0.9}, {.seed = seed});
    fit(t, data_loader(data, {.size = 16, .seed = 3}), no_validation{}, constant_rate{0.05}, {.epochs = 3});
    return copy_of(m.parameters());
}

TEST(learning, leaves_what_is_frozen_bit_identical) {
    staged_model before(1), m(1);
    trained<freeze<"body">>(m, 1);
    for (const char* path : {"body.0.weight", "body.0.bias", "body.1.weight", "body.1.bias"}) {
        ASSERT_FALSE(m.parameter(path).empty()) << path;
        EXPECT_EQ(copy_of(m.parameter(path)), copy_of(before.parameter(path))) << path;
    }
    EXPECT_NE(copy_of(m.parameter("head.weight")), copy_of(before.parameter("head.weight")));
    staged_model free(1);
    trained<>(free, 1);
    EXPECT_NE(copy_of(free.parameter("body.0.weight")), copy_of(before.parameter("body.0.weight")));
}

TEST(learning, equal_seeds_give_equal_parameters) {
    staged_model first(1), second(1), other(1);
    const std::vector<float> wanted = trained<>(first, 5);
    EXPECT_EQ(trained<>(second, 5), wanted);
    EXPECT_NE(trained<>(other, 6), wanted);  // the seed draws the dropout
    EXPECT_EQ(copy_of(first.states()), copy_of(second.states()));
}

// some steps of LeNet on noise, large enough for the kernels to be shared out
std::vector<float> lenet_after_steps(int threads) {
    detail::simd::threads::set_count(threads);
    model<networks::lenet, backend::simd, batch<32>> m(1);
    trainer<decltype(m), cross_entropy, sgd> t(m, sgd{.momentum = 0.9});
    std::vector<float> images(32 * 28 * 28);
    std::vector<std::int32_t> labels(32);
    random_stream random(4);
    for (int step = 0; step < 4; ++step) {
        for (float& v : images) v = random.uniform(0, 1);
        for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::int32_t>((7 * i) % 10);
        t.step(0.05, images, labels);
    }
    detail::simd::threads::set_count(1);
    return copy_of(m.parameters());
}

TEST(learning, the_number_of_threads_changes_no_bit) {
    const std::vector<float> alone = lenet_after_steps(1);
    EXPECT_EQ(lenet_after_steps(1), alone);
    EXPECT_EQ(lenet_after_steps(2), alone);
    EXPECT_EQ(lenet_after_steps(3), alone);
}

}  // namespace
