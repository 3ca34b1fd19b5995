// Recurrent layers on sequences of several lengths: each sample as the sequence cut to its length, forward and back.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/layers/recurrent/bidirectional.hpp>
#include <tessera/layers/recurrent/bilstm_max.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/recurrent/lstm.hpp>
#include <tessera/layers/recurrent/rnn.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradient_check.hpp>
#include <tessera/train/loss/weighted_outputs.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>
#include <vector>

#include "../network_facts.hpp"
#include "../waves.hpp"

namespace {

using namespace tessera;
using numbers = std::vector<double>;

constexpr int T = 5, C = 2, H = 3;

template <auto Layer> struct of_lengths : network<Layer, in<"x", shape<T, C>>, in<"length", shape<>, int32>> {};
template <auto Layer, int Steps> struct of_steps : network<Layer, shape<Steps, C>> {};

// --- shapes, parameters, mistakes

using states_of = of_lengths<gru<H, last_state, with_lengths>>;
static_assert(output_shape<of_lengths<gru<H, with_lengths>>> == (extents{T, H}));
static_assert(output_shape<states_of> == extents{H});
static_assert(output_shape<of_lengths<bidirectional(lstm<H, with_lengths>)>> == (extents{T, 2 * H}));
static_assert(output_shape<of_lengths<bilstm_max<H>>> == extents{2 * H});
static_assert(output_shape<of_steps<bilstm_max<H>, T>> == extents{2 * H});
static_assert(of_lengths<bilstm_max<H>>::parameter_count == 8 * H * (C + H + 2));
static_assert(paths_are<of_lengths<bilstm_max<H>>>({"forward.weight_ih", "forward.weight_hh", "forward.bias_ih",
                                                    "forward.bias_hh", "backward.weight_ih", "backward.weight_hh",
                                                    "backward.bias_ih", "backward.bias_hh"}));
static_assert(network<bilstm_max<2048>, in<"words", shape<64, 300>>, in<"length", shape<>, int32>>::parameter_count ==
              38'502'400);  // InferSent

inline constexpr auto of_real_length = [](value x) { return gru<H, with_lengths>(x, sum(x)); };
inline constexpr auto of_several = [](value x) { return bilstm_max<H>(x, arg_max(x)); };
static_assert(mistake<of_real_length, T, C>().expected.view() == "lengths of element int32, one number a sample");
static_assert(mistake<of_several, T, C>().expected.view() == "lengths of element int32, one number a sample");
static_assert(mistake<bilstm_max<H>, T>().expected.view() == "a sequence (time, features)");

// --- against the sequence cut to its length

// the input is a parameter too, whose gradient is looked at
template <auto Layer, class... Lengths>
inline constexpr auto of_offset =
    [](value x, Lengths... length) { return Layer(x + parameter("x", x.shape()).with(x), length...); };
template <auto Layer>
struct in_capacity : network<of_offset<Layer, value>, in<"x", shape<T, C>>, in<"length", shape<>, int32>> {};
template <auto Layer, int Steps> struct alone : network<of_offset<Layer>, shape<Steps, C>> {};

numbers first(const numbers& x, std::size_t count) {
    return {x.begin(), x.begin() + static_cast<std::ptrdiff_t>(count)};
}

// what a layer gives, and the gradient of a weighted sum of it to its input and to its weights
struct outcome {
    numbers y, dx, dw;
};
template <class Net, class Backend, class... Data> outcome trained_on(const Data&... data) {
    model<Net, Backend, batch<1>, double> m;
    const std::size_t offsets = m.parameter("x").size();
    const std::size_t weights = (offsets + 15) / 16 * 16;  // each parameter begins at a multiple of 16 elements
    std::ranges::fill(m.parameter("x"), 0.0);
    std::ranges::copy(waves(m.parameters().size() - weights, 0.9), m.parameters().subspan(weights).begin());
    trainer<model<Net, Backend, batch<1>, double>, weighted_outputs, sgd> learn(m);
    learn.compute(data...);
    const auto all = learn.gradients();
    return {{learn.output().begin(), learn.output().end()},
            {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(offsets)},
            {all.begin() + static_cast<std::ptrdiff_t>(weights), all.end()}};
}

void expect_near(const numbers& wanted, const numbers& found, const char* what, int steps) {
    ASSERT_EQ(wanted.size(), found.size()) << what << ", " << steps << " steps";
    for (std::size_t i = 0; i < wanted.size(); ++i)
        EXPECT_NEAR(found[i], wanted[i], 1e-12) << what << " " << i << ", " << steps << " steps";
}

// Rows of the result have one weight each where they belong to the sequence, and none where they do not; a result that
// is no sequence has them all.
template <auto Layer, auto Cut, int Steps, class Backend> void expect_as_alone() {
    using whole = in_capacity<Layer>;
    constexpr bool sequence = output_shape<whole>.rank == 2;
    numbers x = waves(T * C, 0.3), weights = waves(static_cast<std::size_t>(output_shape<whole>.size()), 0.7);
    const auto kept = sequence ? static_cast<std::size_t>(Steps * output_shape<whole>[1]) : weights.size();
    std::fill(weights.begin() + static_cast<std::ptrdiff_t>(kept), weights.end(), 0.0);
    outcome found = trained_on<whole, Backend>(x, std::vector<std::int32_t>{Steps}, weights);
    const outcome wanted = trained_on<alone<Cut, Steps>, Backend>(first(x, Steps * C), first(weights, kept));
    expect_near(wanted.y, first(found.y, kept), "output", Steps);
    expect_near(wanted.dw, found.dw, "gradient of the weights", Steps);
    numbers dx = wanted.dx;
    dx.resize(T * C, 0);  // none of what is not in the sequence
    expect_near(dx, found.dx, "gradient of the input", Steps);
}

template <class Backend> struct of_several_lengths : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(of_several_lengths, backends);

TYPED_TEST(of_several_lengths, outputs_and_gradients_are_those_of_the_cut_sequence) {
    expect_as_alone<gru<H, from_the_end, with_lengths>, gru<H, from_the_end>, 3, TypeParam>();
    expect_as_alone<bidirectional(lstm<H, with_lengths>), bidirectional(lstm<H>), 2, TypeParam>();
    expect_as_alone<bilstm_max<H>, bilstm_max<H>, 4, TypeParam>();
}
TEST(recurrent_lengths, other_results_are_those_of_the_cut_sequence) {
    expect_as_alone<rnn<H, with_lengths>, rnn<H>, 3, backend::simd>();
    expect_as_alone<gru<H, last_output, with_lengths>, gru<H, last_output>, 1, backend::simd>();
    expect_as_alone<bilstm_max<H>, bilstm_max<H>, T, backend::simd>();
}

// --- in one batch

struct sentences : network<bilstm_max<H>, in<"x", shape<T, C>>, in<"length", shape<>, int32>> {};
struct padded_sentences : network<bilstm_max<H, padding_is_zero>, in<"x", shape<T, C>>, in<"length", shape<>, int32>> {
};

TYPED_TEST(of_several_lengths, samples_of_a_batch_do_not_see_each_other) {
    model<sentences, TypeParam, batch<4>, double> together(3);
    model<sentences, TypeParam, batch<1>, double> each(3);
    const numbers x = waves(4 * T * C, 0.3);
    const std::vector<std::int32_t> lengths{2, 0, T + 3, 4};
    const auto y = together(x, lengths);
    for (std::size_t i = 0; i < 4; ++i) {
        numbers own(x.begin() + static_cast<std::ptrdiff_t>(i * T * C),
                    x.begin() + static_cast<std::ptrdiff_t>((i + 1) * T * C));
        // what stands behind the end has no part
        for (std::size_t k = static_cast<std::size_t>(std::min(lengths[i], T)) * C; k < own.size(); ++k) own[k] = 1e3;
        const auto wanted = each(own, std::vector<std::int32_t>{lengths[i]});
        for (std::size_t k = 0; k < 2 * H; ++k) {
            EXPECT_NEAR(y[i * 2 * H + k], wanted[k], 1e-14) << i << " " << k;
        }
    }
    for (std::size_t k = 0; k < 2 * H; ++k) EXPECT_EQ(y[2 * H + k], -1);  // of no elements
}

TYPED_TEST(of_several_lengths, padding_may_count_as_zero) {
    model<sentences, TypeParam, batch<1>, double> m(3);
    model<padded_sentences, TypeParam, batch<1>, double> padded(3);
    const numbers x = waves(T * C, 0.3);
    for (int length : {2, T}) {
        const auto y = m(x, std::vector<std::int32_t>{length}), z = padded(x, std::vector<std::int32_t>{length});
        bool negative = false;
        for (std::size_t k = 0; k < 2 * H; ++k) {
            EXPECT_EQ(z[k], length < T ? std::max(y[k], 0.0) : y[k]);
            negative = negative || y[k] < 0;
        }
        EXPECT_TRUE(negative);
    }
}

// from states that are given, and with all results
inline constexpr auto translate = [](value x, value length) {
    const values code = bidirectional(lstm<2, with_last_state, with_lengths>)(x, length);
    return bidirectional(lstm<2, with_lengths>)(code[0], code[1], code[2], length);
};
struct translation : network<translate, in<"x", shape<3, C>>, in<"length", shape<>, int32>> {};
inline constexpr auto go_on = [](value x, value length) {
    const value first = gru<2, last_output, with_lengths>(x, length);
    return rnn<2, from_the_end, with_lengths>(x, first, length);
};
struct continued : network<go_on, in<"x", shape<3, C>>, in<"length", shape<>, int32>> {};

TEST(recurrent_lengths, gradients_are_exact) {
    EXPECT_LT((gradient_check<translation>({.indices = 4}).error), 1e-6);
    EXPECT_LT((gradient_check<continued>({.indices = 4}).error), 1e-6);
}

// --- streams go on

inline constexpr auto of_own_length = [](value x) {
    return gru<H, with_lengths>(x, reshape(index_table({3}).with(x), {}));
};
struct has_own_length : network<of_own_length, shape<T, C>> {};
constexpr fault said = has_own_length::graph_for<phase::streaming>::graph.problem;
static_assert(said.expected.view() == "each element of time by itself, or loops along it");
static_assert(said.layer.view() == "gru<3, with_lengths>");

}  // namespace
