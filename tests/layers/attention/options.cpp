// The options of multi_head_attention: what each does to shapes and parameters, and the laws that it obeys.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../../expect_near.hpp"
#include "../../network_facts.hpp"
#include "../../waves.hpp"
#include "../evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

struct by_offset : network<multi_head_attention<2, relative_bias>, in<"x", shape<5, 4>>, in<"c", shape<3, 6>>> {};
static_assert(parameter_shape<by_offset>("relative_bias") == (extents{2, 7}));
static_assert(by_offset::parameter_count == 16 + 2 * 24 + 16 + 14);

struct by_offset_causal : network<(multi_head_attention<2, relative_bias, causal, with_bias>), shape<5, 4>> {};
static_assert(parameter_shape<by_offset_causal>("relative_bias") == (extents{2, 5}));

struct wide : network<(multi_head_attention<3, key_width<2, 5>>), shape<7, 4>> {};
static_assert(paths_are<wide>({"query", "key", "value", "out"}));
static_assert(parameter_shape<wide>("key") == (extents{4, 3, 2}));
static_assert(parameter_shape<wide>("out") == (extents{3, 5, 4}));
static_assert(output_shape<wide> == (extents{7, 4}));

struct turned : network<(multi_head_attention<2, rotary>), shape<5, 8>> {};
static_assert(turned::parameter_count == 4 * 64);

static_assert(mistake<multi_head_attention<2, rotary>, 5, 6>().expected.view() == "an even number of features a head");
static_assert(mistake<multi_head_attention<2, with_mask>, 5, 6>().expected.view() ==
              "one to three sequences and a mask");
template <int... Mask>
inline constexpr auto under = [](value x) {
    return multi_head_attention<2, with_mask>(x, broadcast_to(constant(*x.owner, 1), {Mask...}, false));
};
static_assert(mistake<under<5>, 5, 6>().expected.empty() && mistake<under<2, 5, 5>, 5, 6>().expected.empty());
static_assert(mistake<under<4>, 5, 6>().expected.view() == "a mask that stretches to (2, 5, 5)");
static_assert(mistake<under<3, 5, 5>, 5, 6>().found.view() == "shape (3, 5, 5)");

template <class Net> void fill_parameters(evaluation<Net>& e) {
    for (const char* name : {"query", "key", "value", "out"}) fill(e.parameter(name), name[0]);
}

template <int... Mask>
struct masked_net : network<multi_head_attention<2, with_mask>, in<"x", shape<4, 6>>, in<"mask", shape<Mask...>>> {};

TEST(multi_head_attention, under_a_mask_of_ones_is_without) {
    evaluation<masked_net<4>> masked;
    evaluation<network<multi_head_attention<2>, shape<4, 6>>> plain;
    fill(masked.input(0), 1);
    fill(plain.input(), 1);
    masked.input(1) = {1, 1, 2, -1};
    fill_parameters(masked);
    fill_parameters(plain);
    masked.run();
    plain.run();
    expect_near(masked.output(), plain.output());
}

TEST(multi_head_attention, causal_is_the_mask_of_a_triangle) {
    evaluation<masked_net<4, 4>> masked;
    evaluation<network<(multi_head_attention<2, causal>), shape<4, 6>>> behind;
    fill(masked.input(0), 1);
    fill(behind.input(), 1);
    masked.input(1) = {1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1};
    fill_parameters(masked);
    fill_parameters(behind);
    masked.run();
    behind.run();
    expect_near(masked.output(), behind.output());
}

TEST(multi_head_attention, of_a_hidden_key_nothing_is_seen) {
    evaluation<
        network<multi_head_attention<2, with_mask>, in<"x", shape<2, 6>>, in<"c", shape<3, 6>>, in<"mask", shape<3>>>>
        e;
    fill_parameters(e);
    fill(e.input(0), 1);
    fill(e.input(1), 2);
    e.input(2) = {1, 0, 1};
    e.run();
    const numbers before = e.output();
    for (std::size_t i = 6; i < 12; ++i) e.input(1)[i] += 5;
    e.run();
    EXPECT_EQ(e.output(), before);
    e.input(2) = {0, 0, 0};
    e.run();
    EXPECT_EQ(e.output(), numbers(12, 0));
}

// a bias that is the same for all offsets changes nothing, one that grows makes the last key win
TEST(multi_head_attention, relative_bias_is_by_offset) {
    evaluation<network<multi_head_attention<2, relative_bias>, shape<3, 4>>> biased;
    evaluation<network<multi_head_attention<2>, shape<3, 4>>> plain;
    fill(biased.input(), 1);
    fill(plain.input(), 1);
    fill_parameters(biased);
    fill_parameters(plain);
    biased.parameter("relative_bias") = numbers(10, 3.5);
    biased.run();
    plain.run();
    expect_near(biased.output(), plain.output());

    biased.parameter("relative_bias") = {0, 0, 0, 100, 0, 0, 0, 0, 100, 0};  // each sees the next place alone
    biased.run();
    evaluation<network<multi_head_attention<2>, in<"x", shape<1, 4>>, in<"c", shape<1, 4>>>> next;
    fill_parameters(next);
    for (std::size_t t = 0; t < 2; ++t) {
        next.input(0) = numbers(4, 0);
        const auto at = biased.input().begin() + static_cast<std::ptrdiff_t>(4 * (t + 1));
        next.input(1).assign(at, at + 4);
        next.run();
        for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(biased.output()[4 * t + i], next.output()[i], 1e-13);
    }
}

// neighbours in pairs, and halves in pairs of weights whose features stand in that order
TEST(multi_head_attention, the_forms_of_rotary_differ_in_the_order_of_features) {
    evaluation<network<(multi_head_attention<1, rotary>), shape<5, 6>>> neighbours;
    evaluation<network<(multi_head_attention<1, rotary_halves>), shape<5, 6>>> halves;
    fill(neighbours.input(), 1);
    fill(halves.input(), 1);
    fill_parameters(neighbours);
    fill_parameters(halves);
    for (const char* name : {"query", "key"})
        for (std::size_t i = 0; i < 36; ++i)
            halves.parameter(name)[i / 6 * 6 + i % 6 / 2 + i % 2 * 3] = neighbours.parameter(name)[i];
    neighbours.run();
    halves.run();
    expect_near(neighbours.output(), halves.output());
}

template <int From>
inline constexpr auto turned_from = [](value x) {  // scores of two places, From and 3 further
    const value at = iota(2).with(x) * 3 + From, y = rotated(x, at);
    return einsum("thk,shk->hts", y, y);
};
template <int From> numbers scores_of_turned() {
    evaluation<network<turned_from<From>, shape<2, 2, 4>>> e;
    fill(e.input(), 3);
    e.run();
    return e.output();
}
TEST(rotated, products_depend_on_the_distance_alone) {
    expect_near(scores_of_turned<0>(), scores_of_turned<7>());
    evaluation<network<[](value x) { return einsum("thk,shk->hts", x, x); }, shape<2, 2, 4>>> plain;
    fill(plain.input(), 3);
    plain.run();
    const numbers& as_it_was = plain.output();
    const numbers found = scores_of_turned<2>();
    for (std::size_t i : {0U, 3U, 4U, 7U}) EXPECT_NEAR(found[i], as_it_was[i], 1e-13);  // lengths stay
    EXPECT_GT(std::abs(found[1] - as_it_was[1]), 1e-3);
}

struct checked
    : network<(multi_head_attention<2, rotary, relative_bias, with_bias, causal, key_width<4, 3>>), shape<4, 3>> {};
TEST(multi_head_attention, gradient_is_that_of_central_differences) {
    EXPECT_LT((gradient_check<checked>({.positions = 40}).error), 1e-6);
}

}  // namespace
