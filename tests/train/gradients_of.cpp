// Gradients with respect to inputs and tapped values: central differences, one body for both backends.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/fork.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/ir/add_loss.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/embedding.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/regularisation/dropout.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradients_of.hpp>
#include <tessera/train/loss/selected_output.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/loss/weighted_outputs.hpp>
#include <vector>

namespace {

using namespace tessera;

template <class Backend> struct gradients_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(gradients_on, backends);

using doubles = std::vector<double>;

doubles waves(std::size_t count, double phase = 0) {
    doubles v(count);
    for (std::size_t i = 0; i < count; ++i) v[i] = std::sin(phase + 0.7 * static_cast<double>(i));
    return v;
}

inline constexpr auto body = named<"features">(conv<3, 2> >> batch_norm >> layer<tanh>) >> dropout<0.5> >> flatten >>
                             named<"scores">(dense<4>);
struct pictures : network<body, shape<3, 3, 2>> {};
constexpr std::size_t picture = 3 * 3 * 2;

template <class Model> void fill(Model& m) {
    std::ranges::copy(waves(m.parameters().size(), 0.3), m.parameters().begin());
    for (double& s : m.states()) s = 0.5;  // running means and variances
}

TYPED_TEST(gradients_on, inputs_as_central_differences) {
    model<pictures, TypeParam, batch<3>, double, gradients_of<selected_output, "features">> m;
    fill(m);
    doubles x = waves(2 * picture);
    const std::array<int, 2> classes{3, 1};
    m(x, classes);
    const auto g = m.gradient();
    EXPECT_EQ(g.sample, (extents{3, 3, 2}));
    EXPECT_EQ(g.count, 2);
    const doubles found(g.begin(), g.end());
    for (std::size_t i = 0; i < x.size(); ++i) {
        constexpr double h = 1e-6;
        const double before = x[i];
        const std::size_t sample = i / picture;
        x[i] = before + h;
        m(x, classes);
        const double above = m.losses()[sample];
        x[i] = before - h;
        m(x, classes);
        const double below = m.losses()[sample];
        x[i] = before;
        EXPECT_NEAR(found[i], (above - below) / (2 * h), 1e-8) << i;
    }
}

// The gradient of a tap is that of the rest of the network, fed with the tapped value.
struct rest : network<(flatten >> named<"scores">(dense<4>)), shape<2, 2, 3>> {};

TYPED_TEST(gradients_on, taps_as_of_the_rest_of_the_network) {
    model<pictures, TypeParam, batch<2>, double, gradients_of<selected_output, "features">> whole;
    model<rest, TypeParam, batch<2>, double, gradients_of<selected_output>> part;
    fill(whole);
    std::ranges::copy(whole.parameter("scores.weight"), part.parameter("scores.weight").begin());
    std::ranges::copy(whole.parameter("scores.bias"), part.parameter("scores.bias").begin());
    const std::array<int, 2> classes{0, 2};
    whole(waves(2 * picture), classes);
    const auto value = whole.template tap<"features">();
    EXPECT_EQ(value.sample, (extents{2, 2, 3}));
    part(doubles(value.begin(), value.end()), classes);
    const auto found = whole.template gradient<"features">(), wanted = part.gradient();
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], wanted[i], 1e-14);
}

// What else is in the batch does not matter. (A program of few samples may cut a sum into chains where the batch is full.)
TYPED_TEST(gradients_on, every_sample_has_its_own) {
    model<pictures, TypeParam, batch<2>, double, gradients_of<selected_output>> m;
    fill(m);
    const doubles x = waves(2 * picture);
    m(x, std::array<int, 2>{1, 2});
    const auto both = m.gradient();
    const doubles second(both.of_sample(1).begin(), both.of_sample(1).end());
    m(doubles(x.begin() + picture, x.end()), std::array<int, 1>{2});
    const auto alone = m.gradient();
    EXPECT_EQ(alone.count, 1);
    ASSERT_EQ(alone.size(), second.size());
    for (std::size_t i = 0; i < second.size(); ++i) EXPECT_NEAR(alone[i], second[i], 1e-14);
}

// two outputs: the vector-Jacobian product for any cotangents
struct split : network<fork(dense<2>, layer<tanh>), shape<3>> {};

TYPED_TEST(gradients_on, vector_jacobian_products_of_several_outputs) {
    model<split, TypeParam, batch<1>, double, gradients_of<weighted_outputs>> m;
    std::ranges::copy(doubles{1, 2, 3, 4, 5, 6}, m.parameter("0.weight").begin());
    const doubles x{0.1, -0.2, 0.3};
    m(x, doubles{1, 10}, doubles{1, 0, -1});
    const auto g = m.gradient();
    const auto slope = [&](std::size_t i) { return 1 - std::tanh(x[i]) * std::tanh(x[i]); };
    EXPECT_NEAR(g[0], 1 + 20 + slope(0), 1e-14);
    EXPECT_NEAR(g[1], 3 + 40, 1e-14);
    EXPECT_NEAR(g[2], 5 + 60 - slope(2), 1e-14);
}

// an input of indices has no gradient; the numbers of the real ones stay those of the network
inline constexpr auto blend = [](value token, value x) { return embedding<5, 2>(token) * x; };
struct mixed : network<(identity >> blend), in<"token", shape<1>, int32>, in<"x", shape<2>>> {};

TYPED_TEST(gradients_on, whole_numbers_are_passed_over) {
    model<mixed, TypeParam, batch<1>, double, gradients_of<weighted_outputs>> m;
    fill(m);
    m(std::array<int, 1>{3}, doubles{2, 3}, doubles{1, 1});
    const auto table = m.parameter("embedding.weight");
    ASSERT_EQ(table.size(), 10u);
    const auto g = m.gradient(1);
    EXPECT_DOUBLE_EQ(g[0], table[6]);
    EXPECT_DOUBLE_EQ(g[1], table[7]);
    EXPECT_DEATH(m.gradient(0), "gradient of a model");
}

inline constexpr auto penalised = [](value x) {
    add_loss(100 * sum(x * x));
    return x;
};
struct penalised_network : network<(identity >> penalised), shape<2>> {};

TYPED_TEST(gradients_on, a_loss_that_layers_add_is_left_out) {
    model<penalised_network, TypeParam, batch<1>, double, gradients_of<weighted_outputs>> m;
    m(doubles{1, 2}, doubles{3, 4});
    EXPECT_EQ(m.gradient()[0], 3);
    EXPECT_EQ(m.gradient()[1], 4);
}

// through time: a loop of vectors, and one of numbers
inline constexpr auto running = [](value x) {
    return scan([](value h, value v) { return tanh(h * v) + v; }, mean(x), x);
};
struct sequences : network<(gru<3> >> flatten >> dense<2>), shape<4, 3>> {};
struct numbers : network<(identity >> running), shape<4>> {};

template <class Net, class Backend> void expect_gradients_through_time() {
    model<Net, Backend, batch<2>, double, gradients_of<selected_output>> m;
    fill(m);
    doubles x = waves(2 * static_cast<std::size_t>(Net::table.inputs[0].shape.size()));
    const std::array<int, 2> classes{1, 0};
    m(x, classes);
    const doubles g(m.gradient().begin(), m.gradient().end());
    const auto total = [&] {
        m(x, classes);
        return m.losses()[0] + m.losses()[1];
    };
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double at = x[i], step = 1e-5;
        x[i] = at + step;
        const double above = total();
        x[i] = at - step;
        const double below = total();
        x[i] = at;
        EXPECT_NEAR(g[i], (above - below) / (2 * step), 1e-8) << i;
    }
}

TYPED_TEST(gradients_on, inputs_through_time_as_central_differences) {
    expect_gradients_through_time<sequences, TypeParam>();
    expect_gradients_through_time<numbers, TypeParam>();
}

}  // namespace
