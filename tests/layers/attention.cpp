// Attention: extents, parameters, the causal mask, self- and cross-attention.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/fork.hpp>
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/layers/slice_axis.hpp>

#include "../network_facts.hpp"
#include "evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

struct self : network<multi_head_attention<4>, shape<5, 8>> {};
static_assert(output_shape<self> == (extents{5, 8}));
static_assert(paths_are<self>({"query", "key", "value", "out"}));
static_assert(parameter_shape<self>("query") == (extents{8, 4, 2}) &&
              parameter_shape<self>("out") == (extents{4, 2, 8}));
static_assert(self::macs == 4 * 5 * 8 * 8 + 2 * 5 * 5 * 8);

struct biased : network<(multi_head_attention<4, with_bias, causal>), shape<5, 8>> {};
static_assert(biased::parameter_count == 4 * 64 + 4 * 8);
static_assert(parameter_shape<biased>("value_bias") == (extents{4, 2}));

struct cross : network<(multi_head_attention<2>), in<"x", shape<5, 8>>, in<"context", shape<3, 6>>> {};
static_assert(output_shape<cross> == (extents{5, 8}));
static_assert(parameter_shape<cross>("key") == (extents{6, 2, 4}));

static_assert(mistake<multi_head_attention<3>, 5, 8>().expected.view() == "features divisible by 3 heads");
static_assert(!mistake<multi_head_attention<2>, 8>().expected.empty());
static_assert(
    !mistake<(fork(identity, identity, identity, identity) >> multi_head_attention<2>), 5, 8>().expected.empty());

template <class Score> inline constexpr auto scored = [](value x) { return Score{}(x); };

TEST(causal, hides_later_places) {
    constexpr double n = -std::numeric_limits<double>::infinity();
    evaluation<network<scored<causal>, shape<3, 3>>> of_itself;
    of_itself.run();
    EXPECT_EQ(of_itself.output(), (numbers{0, n, n, 0, 0, n, 0, 0, 0}));
    evaluation<network<scored<causal>, shape<2, 4>>> behind_two;
    behind_two.run();
    EXPECT_EQ(behind_two.output(), (numbers{0, 0, 0, n, 0, 0, 0, 0}));
    evaluation<network<scored<causal>, shape<1, 2>>> one_query;
    one_query.run();
    EXPECT_EQ(one_query.output(), (numbers{0, 0}));
}
static_assert(mistake<scored<causal>, 2, 1>().expected.view() == "a key for each of 2 queries");

// queries, keys and values cut from one input (T, 3, K)
template <class Score>
inline constexpr auto plain_attention = [](value x) {
    const auto part = [&](int i) { return slice(x, 1, i, 1); };
    return attention(part(0), part(1), part(2), 1.0, Score{});
};

TEST(attention, equal_keys_give_the_mean_of_the_values) {
    evaluation<network<plain_attention<plain_scores>, shape<3, 3, 1>>> all_places;
    evaluation<network<plain_attention<causal>, shape<3, 3, 1>>> earlier_places;
    all_places.input() = earlier_places.input() = {5, 0, 3, 7, 0, 6, 1, 0, 12};
    all_places.run();
    earlier_places.run();
    const numbers mean{7, 7, 7}, running{3, 4.5, 7};
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_NEAR(all_places.output()[i], mean[i], 1e-14);
        EXPECT_NEAR(earlier_places.output()[i], running[i], 1e-14);
    }
}

// one query against keys that were kept: as an operation, and as a program on scores that are all in memory
struct causal_by_hand {
    constexpr value operator()(value scores) const { return causal{}(scores); }
};
template <class Score>
inline constexpr auto one_query_of_many_keys =
    [](value q, value k, value v) { return attention(q, k, v, 1.0, Score{}); };
template <class Score> double last_query() {
    evaluation<network<one_query_of_many_keys<Score>, in<"q", shape<1, 1, 1>>, in<"k", shape<8, 1, 1>>,
                       in<"v", shape<8, 1, 1>>>>
        e;
    e.input(0) = {1};
    e.input(1) = numbers(8, 1);
    e.input(2) = {1, 2, 3, 4, 5, 6, 7, 8};
    e.run();
    return e.output()[0];
}
TEST(attention, causal_means_one_thing_however_it_is_written) {
    EXPECT_NEAR(last_query<causal>(), 4.5, 1e-14);
    EXPECT_NEAR(last_query<causal_by_hand>(), 4.5, 1e-14);
}

struct nothing_seen {
    constexpr value operator()(value scores) const { return scores - std::numeric_limits<double>::infinity(); }
};
TEST(attention, a_program_that_hides_every_key_gives_0) { EXPECT_EQ(last_query<nothing_seen>(), 0); }

TEST(multi_head_attention, on_itself_is_cross_attention_with_its_input) {
    evaluation<network<multi_head_attention<2>, shape<3, 4>>> one;
    evaluation<network<(fork(identity, identity) >> multi_head_attention<2>), shape<3, 4>>> two;
    for (std::size_t i = 0; i < 12; ++i) one.input()[i] = two.input()[i] = std::sin(static_cast<double>(i));
    for (const char* name : {"query", "key", "value", "out"}) {
        numbers& w = one.parameter(name);
        for (std::size_t i = 0; i < w.size(); ++i) w[i] = std::cos(static_cast<double>(3 * i) + name[0]);
        two.parameter(std::string("1.") + name) = w;
    }
    one.run();
    two.run();
    EXPECT_EQ(one.output(), two.output());
    EXPECT_NE(one.output()[0], one.output()[4]);
}

}  // namespace
