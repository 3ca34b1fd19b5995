// Attention that binds a set to slots, and that reads from places: extents, parameters, laws.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <tessera/layers/attention/delf_pool.hpp>
#include <tessera/layers/attention/doubly_stochastic.hpp>
#include <tessera/layers/attention/slot_attention.hpp>
#include <tessera/layers/attention/soft_attention.hpp>
#include <tessera/layers/attention/stacked_attention.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../../expect_near.hpp"
#include "../../network_facts.hpp"
#include "../../waves.hpp"
#include "../evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

numbers rows_in_order(const numbers& x, std::size_t width, std::initializer_list<std::size_t> order) {
    numbers y;
    for (const std::size_t row : order)
        for (std::size_t k = 0; k < width; ++k) y.push_back(x[row * width + k]);
    return y;
}

// --- slot_attention

struct binds : network<slot_attention<7>, shape<5, 64>> {};
static_assert(output_shape<binds> == (extents{7, 64}));
static_assert(binds::parameter_count ==
              3 * 128 + 2 * 64 + 3 * 64 * 64 + (2 * 64 * 192 + 2 * 192) + (2 * 64 * 128 + 128 + 64));
struct binds_learnt : network<(slot_attention<3, 2, slots_of<4, 6>, learnt_slots>), shape<5, 2>> {};
static_assert(output_shape<binds_learnt> == (extents{3, 4}) &&
              parameter_shape<binds_learnt>("slots") == (extents{3, 4}));
inline constexpr auto binds_itself = [](value x) { return slot_attention<3>(x, x); };
static_assert(mistake<binds_itself, 3, 4>().expected.empty());
static_assert(mistake<binds_itself, 5, 4>().expected.view() == "slots to start from (3, 4)");
static_assert(!mistake<slot_attention<3>, 5, 4, 2>().expected.empty());

struct started : network<(slot_attention<3, 2>), in<"set", shape<4, 5>>, in<"start", shape<3, 5>>> {};
numbers bound(const numbers& set, const numbers& start) {
    evaluation<started> e;
    double next = 0;
    for (const char* name : {"key", "value", "query", "weight_ih", "weight_hh", "rise", "fall"})
        e.parameter(name) = waves(e.parameter(name).size(), next++);
    e.input(0) = set;
    e.input(1) = start;
    e.run();
    return e.output();
}
TEST(slot_attention, takes_no_notice_of_the_order_of_its_set) {
    const numbers set = waves(20, 0.5), start = waves(15, 2);
    expect_near(bound(set, start), bound(rows_in_order(set, 5, {2, 0, 3, 1}), start));
}
TEST(slot_attention, ends_in_the_order_in_which_it_starts) {
    const numbers set = waves(20, 0.5), start = waves(15, 2), end = bound(set, start);
    expect_near(rows_in_order(end, 5, {1, 2, 0}), bound(set, rows_in_order(start, 5, {1, 2, 0})));
    EXPECT_GT(std::abs(end[0] - end[5]), 1e-3);
}
TEST(slot_attention, starts_with_slots_that_differ_and_in_training_anew_for_each_sample) {
    const auto run = [](phase purpose, std::uint64_t seed) {
        evaluation<network<slot_attention<2>, shape<3, 4>>> e(purpose, 2);
        e.input() = numbers(24, 0.5);
        for (const char* name : {"weight_hh", "query"}) e.parameter(name) = waves(e.parameter(name).size(), 1);
        e.run(seed);
        return e.output();
    };
    const numbers known = run(phase::inference, 1), drawn = run(phase::training, 1);
    for (std::size_t k = 0; k < 8; ++k) EXPECT_EQ(known[k], known[8 + k]);
    EXPECT_EQ(known, run(phase::inference, 2));
    EXPECT_GT(std::abs(known[0] - known[4]), 1e-3);
    EXPECT_NE(drawn[0], drawn[8]);
    EXPECT_NE(drawn, run(phase::training, 2));
}

// --- stacked_attention

struct asks : network<stacked_attention<512>, in<"image", shape<2, 2, 128>>, in<"question", shape<128>>> {};
static_assert(output_shape<asks> == extents{128} && asks::parameter_count == 2 * (2 * 128 * 512 + 512 + 512 + 1));
inline constexpr auto asks_itself = [](value x) { return stacked_attention<2>(x, reshape(slice(x, 0, 0, 1), {-1})); };
static_assert(mistake<asks_itself, 3, 4>().expected.empty());
static_assert(mistake<asks_itself, 3, 2, 4>().expected.view() == "a question (4)");
static_assert(!mistake<asks_itself, 4>().expected.empty());

TEST(stacked_attention, that_does_not_look_adds_the_mean_at_each_hop) {
    evaluation<network<(stacked_attention<3, 2>), in<"image", shape<4, 2>>, in<"question", shape<2>>>> e;
    e.input(0) = {1, 2, 3, 4, 5, 6, 7, 8};
    e.input(1) = {10, 20};
    for (const char* name : {"hop0.question", "hop1.question", "hop0.score", "hop1.score"})
        e.parameter(name) = waves(e.parameter(name).size(), 1);
    e.parameter("hop0.image") = e.parameter("hop1.image") = numbers(6, 0);
    e.run();
    expect_near({18, 30}, e.output());
}

// --- soft_attention, doubly_stochastic

inline constexpr auto soft_context = [](value a, value h) { return soft_attention<3>(a, h); };
struct looks : network<soft_context, in<"a", shape<4, 2>>, in<"h", shape<5>>> {};
static_assert(looks::parameter_count == 2 * 3 + 3 + 5 * 3 + 3 + 1 && output_shape<looks> == extents{2});
inline constexpr auto looks_at_itself = [](value x) { return soft_attention<3>(x, x)[0]; };
static_assert(!mistake<looks_at_itself, 3>().expected.empty() && !mistake<looks_at_itself, 3, 3>().expected.empty());
inline constexpr auto looks_with_keys = [](value x) {
    return soft_attention<3>(x, x, slice(reshape(x, {-1}), 0, 0, 2))[0];
};
static_assert(mistake<looks_with_keys, 4, 3>().expected.empty());
static_assert(mistake<looks_with_keys, 4, 2>().expected.view() == "keys (4, 3)");

// a decoder: what it looked at in each step
inline constexpr auto looked_at = [](value a, value words) {  // (4, 2), (T, 3)
    const value keys = dense<3>(a);
    const value h = broadcast_to(constant(*a.owner, 0), {5}, a.batched());
    const value w = broadcast_to(constant(*a.owner, 0), {4}, a.batched());
    const values path = scan(
        [&](const values& s, value word) {
            const values seen = soft_attention<3, with_gate>(a, keys, s[0]);
            return values{tanh(dense<5>(concatenate({s[0], seen[0], word}))), seen[1]};
        },
        values{h, w}, words);
    return path[1];  // (T, 4)
};
struct decoder : network<looked_at, in<"a", shape<4, 2>>, in<"words", shape<6, 3>>> {};
TEST(soft_attention, of_a_decoder_adds_up_to_one_in_each_step) {
    evaluation<network<soft_context, in<"a", shape<4, 2>>, in<"h", shape<5>>>> e;
    e.input(0) = {1, 7, 2, 7, 3, 7, 4, 7};
    e.input(1) = waves(5, 0);
    for (const char* name : {"soft_attention.annotation", "soft_attention.state", "soft_attention.score"})
        e.parameter(name) = waves(e.parameter(name).size(), 1);
    e.run();
    EXPECT_NEAR(e.output()[1], 7, 1e-14);
    EXPECT_GT(std::abs(e.output()[0] - 2.5), 1e-3);
    EXPECT_EQ(output_shape<decoder>, (extents{6, 4}));
}

inline constexpr auto unfair = [](value w) { return doubly_stochastic(w); };
TEST(doubly_stochastic, is_zero_where_every_place_has_one_look_in_all) {
    evaluation<network<unfair, shape<3, 3>>> e;
    e.input() = numbers(9, 1.0 / 3);
    e.run();
    EXPECT_NEAR(e.output()[0], 0, 1e-30);
    e.input() = {1, 0, 0, 1, 0, 0, 0, 1, 0};
    e.run();
    EXPECT_EQ(e.output()[0], 1 + 0 + 1);
}
static_assert(!mistake<unfair, 3>().expected.empty());

// --- delf

static_assert(network<(delf_score<512, with_batch_norm>), shape<2, 2, 1024>>::parameter_count == 526337);
static_assert(network<(delf_pool<512, with_batch_norm, no_bias, of_directions>), shape<2, 2, 1024>>::parameter_count ==
              525825);
static_assert(output_shape<network<delf_score<4>, shape<3, 2, 5>>> == (extents{3, 2}));
static_assert(output_shape<network<delf_pool<4>, shape<3, 2, 5>>> == extents{5});
static_assert(!mistake<delf_pool<4>, 5>().expected.empty());

numbers pooled(double factor) {
    evaluation<network<(delf_pool<3, of_directions>), shape<4, 2>>> e;
    e.input() = waves(8, 0);
    for (double& x : e.input()) x *= factor;
    e.parameter("delf_score.score") = numbers(3, 0);  // the score takes no notice of the features
    e.run();
    return e.output();
}
TEST(delf_pool, of_directions_does_not_change_with_the_length_of_the_features) {
    expect_near(pooled(1), pooled(1000), 1e-10);
    EXPECT_GT(std::abs(pooled(1)[0]), 1e-3);
}
TEST(delf_score, is_positive) {
    evaluation<network<delf_score<3>, shape<8, 2>>> e;
    e.input() = waves(16, 0);
    e.parameter("hidden") = waves(6, 1);
    e.parameter("score_bias") = {-20};
    e.run();
    for (const double s : e.output()) EXPECT_GT(s, 0);
}

// --- gradients

inline constexpr auto every_reader = [](value x) {  // (3, 4)
    const value question = reshape(slice(x, 0, 1, 1), {4});
    return values{slot_attention<2, 2>(x), slot_attention<2, 1, slots_of<3>, learnt_slots>(x),
                  stacked_attention<2, 2, tanh_scores>(x, question), delf_pool<3, with_batch_norm, of_directions>(x),
                  doubly_stochastic(x)};
};
struct every_net : network<every_reader, shape<3, 4>> {};
TEST(readers, have_exact_gradients) {
    const auto found = gradient_check<every_net>({.positions = 6});
    EXPECT_LT(found.error, 1e-6) << found.where << " " << found.index;
}
TEST(soft_attention, in_a_loop_has_exact_gradients) {
    const auto found = gradient_check<decoder>({.positions = 8});
    EXPECT_LT(found.error, 1e-6) << found.where << " " << found.index;
}

}  // namespace
