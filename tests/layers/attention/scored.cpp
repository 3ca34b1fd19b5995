// Attentions by other scores: known answers and laws of additive, local, linear and neural attention.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <tessera/layers/attention/additive_attention.hpp>
#include <tessera/layers/attention/linear_attention.hpp>
#include <tessera/layers/attention/local_attention.hpp>
#include <tessera/layers/attention/neural_attention.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../../expect_near.hpp"
#include "../../network_facts.hpp"
#include "../../waves.hpp"
#include "../evaluate.hpp"

namespace {

using namespace tessera;

template <class Net> void fill_parameters(evaluation<Net>& e) {
    for (int i = 0; i < Net::table.parameter_count; ++i) fill(e.parameter(path<Net>(i).view()), i);
}

// --- additive

struct additive : network<additive_attention<3>, in<"x", shape<5, 2>>, in<"c", shape<7, 4>>> {};
static_assert(paths_are<additive>({"query", "key", "v"}) && additive::parameter_count == 2 * 3 + 4 * 3 + 3);
static_assert(output_shape<additive> == (extents{5, 4}));
struct additive_of_one : network<additive_attention<3, with_bias>, in<"x", shape<2>>, in<"c", shape<7, 4>>> {};
static_assert(output_shape<additive_of_one> == (extents{4}) && additive_of_one::parameter_count == 6 + 12 + 3 + 3);
inline constexpr auto to_itself = [](value x) { return additive_attention<3>(x, x); };
static_assert(mistake<to_itself, 3, 4>().expected.empty() && !mistake<to_itself, 3, 4, 5>().expected.empty());

// a table of two by two by hand: scores tanh(1) and tanh(3), tanh(2) and tanh(4)
TEST(additive_attention, of_two_by_two) {
    evaluation<network<additive_attention<1>, in<"x", shape<2, 1>>, in<"c", shape<2, 1>>>> e;
    e.input(0) = {0, 1};
    e.input(1) = {1, 3};
    e.parameter("query") = e.parameter("key") = e.parameter("v") = {1};
    e.run();
    const auto of = [](double a, double b) {
        const double p = std::exp(std::tanh(a)), q = std::exp(std::tanh(b));
        return (p * 1 + q * 3) / (p + q);
    };
    expect_near(e.output(), {of(1, 3), of(2, 4)});
}

// --- local

struct local : network<local_attention<2>, in<"x", shape<5, 3>>, in<"c", shape<7, 4>>> {};
static_assert(paths_are<local>({"score"}) && parameter_shape<local>("score") == (extents{3, 4}));
struct predicted : network<local_attention<2, predictive>, in<"x", shape<5, 3>>, in<"c", shape<7, 4>>> {};
static_assert(predicted::parameter_count == 12 + 9 + 3 && output_shape<predicted> == (extents{5, 4}));

// equal scores: the mean of what is near
TEST(local_attention, of_equal_scores_is_the_mean_of_the_window) {
    evaluation<network<local_attention<1>, in<"x", shape<4, 1>>, in<"c", shape<3, 1>>>> e;
    e.input(1) = {3, 6, 12};
    e.parameter("score") = {1};
    e.run();  // queries of 0
    expect_near(e.output(), {4.5, 7, 9, 12});
}
TEST(local_attention, that_reaches_everything_is_attention) {
    evaluation<network<local_attention<9, dot_score>, in<"x", shape<4, 2>>, in<"c", shape<3, 2>>>> e;
    evaluation<network<[](value q, value c) { return einsum("ts,se->te", softmax(einsum("te,se->ts", q, c)), c); },
                       in<"x", shape<4, 2>>, in<"c", shape<3, 2>>>>
        plain;
    fill(e.input(0), 1);
    fill(e.input(1), 2);
    plain.input(0) = e.input(0);
    plain.input(1) = e.input(1);
    e.run();
    plain.run();
    expect_near(e.output(), plain.output());
}
// a query of 0 predicts the middle, S / 2 = 2: weights of 1 / 3 times e^(-s^2 / 2 sigma^2), sigma = 1 / 2
TEST(local_attention, predicts_the_middle_of_nothing) {
    evaluation<network<local_attention<1, predictive>, in<"x", shape<1, 1>>, in<"c", shape<4, 1>>>> e;
    fill_parameters(e);
    e.input(1) = {100, 3, 6, 30};
    e.run();
    expect_near(e.output(), {(std::exp(-2.0) * 3 + 6 + std::exp(-2.0) * 30) / 3});
}

// --- linear

struct linear : network<(linear_attention<2, with_bias>), shape<5, 4>> {};
static_assert(linear::parameter_count == 4 * 16 + 4 * 4);
static_assert(!mistake<linear_attention<3>, 5, 4>().expected.empty());
inline constexpr auto behind_another = [](value x) { return linear_attention<2, causal>(x, x); };
static_assert(mistake<behind_another, 5, 4>().expected.view() == "a sequence alone under causal");

template <int T, class Option> struct behind : network<(linear_attention<2, Option>), shape<T, 4>> {};

// one block, and several, of which the last is not full
template <int T> void expect_looks_behind() {
    evaluation<behind<T, causal>> blocks;
    fill_parameters(blocks);
    fill(blocks.input(), 1);
    blocks.run();
    const numbers before = blocks.output();
    // what comes later is not seen
    const std::size_t at = 4 * (T / 2);
    for (std::size_t i = at; i < blocks.input().size(); ++i) blocks.input()[i] += 1;
    blocks.run();
    for (std::size_t i = 0; i < at; ++i) EXPECT_EQ(blocks.output()[i], before[i]) << i;
    EXPECT_NE(blocks.output()[at], before[at]);
    // the last place sees all: it is that of attention without a mask
    evaluation<network<linear_attention<2>, shape<T, 4>>> all_places;
    fill_parameters(all_places);
    all_places.input() = blocks.input();
    all_places.run();
    for (std::size_t i = 4 * (T - 1); i < 4 * T; ++i)
        EXPECT_NEAR(blocks.output()[i], all_places.output()[i], 1e-10) << i;
}
TEST(linear_attention, causal_looks_behind) {
    expect_looks_behind<5>();
    expect_looks_behind<131>();
}

// features far below 0 have a product all the same
TEST(linear_attention, does_not_divide_by_0) {
    evaluation<network<linear_attention<1>, shape<3, 1>>> e;
    for (const char* name : {"query", "key", "value", "out"}) e.parameter(name) = {1};
    e.input() = {-60, -50, -40};
    e.run();
    for (double y : e.output()) EXPECT_NEAR(y, -40, 1e-2);
}

// --- neural

struct neural : network<(neural_attention<2, 3>), shape<5, 8>> {};
static_assert(neural::parameter_count == 4 * 64 + 2 * (4 * 3 + 3) + (6 * 3 + 3) + (3 * 1 + 1) + (1 + 1));
static_assert(output_shape<neural> == (extents{5, 8}));
static_assert(!mistake<neural_attention<3, 2>, 5, 8>().expected.empty());

// of features that are 0 or 1 the network can be a product: relu(a + b - 1), summed over the features
TEST(neural_attention, can_be_attention_by_products) {
    evaluation<network<neural_attention<1, 2>, shape<3, 2>>> e;
    evaluation<network<multi_head_attention<1>, shape<3, 2>>> plain;
    plain.input() = e.input() = {1, 0, 0, 1, 1, 1};
    for (const char* name : {"query", "key", "value", "out"}) plain.parameter(name) = e.parameter(name) = {1, 0, 0, 1};
    e.parameter("narrow_query") = e.parameter("narrow_key") = {1, 0, 0, 1};
    e.parameter("hidden") = {1, 0, 0, 1, 1, 0, 0, 1};
    e.parameter("hidden_bias") = {-1, -1};
    e.parameter("inner") = {1, 1};
    e.parameter("score") = {rsqrt(2)};
    e.run();
    plain.run();
    expect_near(e.output(), plain.output());
}
TEST(neural_attention, without_a_score_is_the_mean) {
    evaluation<network<neural_attention<1, 4>, shape<3, 2>>> e;
    fill_parameters(e);
    e.parameter("score") = {0, 0};
    e.parameter("value") = e.parameter("out") = {1, 0, 0, 1};
    e.input() = {1, 2, 3, 4, 5, 12};
    e.run();
    expect_near(e.output(), {3, 6, 3, 6, 3, 6});
}

// --- gradients

TEST(scored_attention, gradients_are_those_of_central_differences) {
    EXPECT_LT((gradient_check<behind<3, frame_by_frame>>({.positions = 20}).error), 1e-6);
    EXPECT_LT((gradient_check<behind<131, causal>>({.positions = 10}).error), 1e-5);
    EXPECT_LT((gradient_check<predicted>({.positions = 30}).error), 1e-6);
}

}  // namespace
