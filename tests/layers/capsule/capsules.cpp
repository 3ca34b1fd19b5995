// Capsules: lengths, couplings, masks, extents and parameters.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/capsule.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradient_check.hpp>
#include <vector>

#include "../../network_facts.hpp"
#include "../evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

// --- squash

double squashed_length(double of) {
    evaluation<network<(squash >> capsule_lengths), shape<2>>> e;
    e.input() = {0.6 * of, -0.8 * of};
    e.run();
    return e.output()[0];
}
TEST(squash, has_the_length_of_the_formula) {
    EXPECT_NEAR(squashed_length(1), 0.5, 1e-15);
    EXPECT_NEAR(squashed_length(3), 0.9, 1e-15);
    EXPECT_NEAR(squashed_length(0.1), 0.01 / 1.01, 1e-15);
    EXPECT_NEAR(squashed_length(1e9), 1, 1e-15);
}
TEST(squash, keeps_the_direction_and_takes_any_axis) {
    evaluation<network<squash, shape<2, 2>>> rows;
    static constexpr auto of_columns = [](value x) { return squash(x, 0); };
    evaluation<network<of_columns, shape<2, 2>>> columns;
    rows.input() = {3, 4, -1, 0};
    columns.input() = {3, -1, 4, 0};
    rows.run();
    columns.run();
    EXPECT_NEAR(rows.output()[0] / rows.output()[1], 0.75, 1e-15);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(rows.output()[i], columns.output()[i % 2 * 2 + i / 2]);
}
TEST(squash, is_nothing_of_nothing_and_so_is_its_gradient) {
    evaluation<network<(squash >> capsule_lengths), shape<2, 3>>> e;
    e.input() = {0, 0, 0, 0, 1, 0};
    e.run();
    EXPECT_EQ(e.output(), (numbers{0, 0.5}));
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(e.input_gradient()[i], 0);
    EXPECT_NEAR(e.input_gradient()[4], 0.5, 1e-15);
    EXPECT_TRUE(std::isfinite(e.input_gradient()[3]));
}

// --- routing

// Votes that are one direction for all, of another length for each upper capsule: their sums tell the couplings.
template <auto Routing> double sum_of_couplings() {
    evaluation<network<Routing, shape<5, 3, 2>>> e;
    for (std::size_t i = 0; i < 5; ++i)
        for (std::size_t j = 0; j < 3; ++j) {
            e.input()[6 * i + 2 * j] = 0.3 * static_cast<double>(j + 1);
            e.input()[6 * i + 2 * j + 1] = 0.4 * static_cast<double>(j + 1);
        }
    e.run();
    double total = 0;
    for (std::size_t j = 0; j < 3; ++j) {
        const double length = std::hypot(e.output()[2 * j], e.output()[2 * j + 1]);
        total += std::sqrt(length / (1 - length)) / (0.5 * static_cast<double>(j + 1));  // |s_j| over that of a vote
    }
    return total / 5;
}
TEST(capsule_routing, shares_each_lower_capsule_out_among_the_upper_ones) {
    EXPECT_NEAR(sum_of_couplings<capsule_routing<1>>(), 1, 1e-13);
    EXPECT_NEAR(sum_of_couplings<capsule_routing<3>>(), 1, 1e-13);
    EXPECT_NEAR((sum_of_couplings<capsule_routing<1, leaky_routing>>()), 0.75, 1e-13);
    EXPECT_LT((sum_of_couplings<capsule_routing<3, leaky_routing>>()), 0.99);
}
TEST(capsule_routing, is_for_whom_the_votes_agree) {
    evaluation<network<(capsule_routing<3> >> capsule_lengths), shape<4, 2, 2>>> e;
    for (std::size_t i = 0; i < 4; ++i) {
        e.input()[4 * i] = 1;                          // all agree on the first
        e.input()[4 * i + 2] = i % 2 == 0 ? 1 : -0.5;  // and not on the second
    }
    e.run();
    EXPECT_GT(e.output()[0], 4 * e.output()[1]);
}
// the order of the lower capsules is of no account
TEST(capsule_routing, takes_lower_capsules_in_any_order) {
    evaluation<network<capsule_routing<3>, shape<7, 3, 4>>> one, other;
    for (std::size_t i = 0; i < 7; ++i)
        for (std::size_t k = 0; k < 12; ++k)
            one.input()[12 * i + k] = other.input()[12 * (6 - i) + k] = std::sin(static_cast<double>(5 * i + 3 * k));
    one.run();
    other.run();
    for (std::size_t k = 0; k < 12; ++k) EXPECT_NEAR(one.output()[k], other.output()[k], 1e-14);
}

static_assert(mistake<capsule_routing<3>, 5, 3>().expected.view() == "votes (lower, upper, pose)");
static_assert(mistake<capsule_dense<3, 4>, 5, 3, 2>().expected.view() == "capsules (lower, pose)");
static_assert(mistake<primary_capsules<2, 4, 3>, 5, 2>().expected.view() == "an image (H, W, C)");
static_assert(!mistake<primary_capsules<2, 4, 7>, 5, 5, 2>().expected.empty());
static_assert(!mistake<squash>().expected.empty());
static_assert(mistake<masked_capsules, 3>().expected.view() == "capsules (J, D)");

// --- gradients

struct routed : network<(primary_capsules<2, 3, 3, 2> >> capsule_dense<3, 4> >> capsule_lengths), shape<5, 7, 2>> {};
struct routed_otherwise
    : network<(primary_capsules<2, 3, 3, 2> >> capsule_dense<3, 4, 2, capsule_bias, leaky_routing>), shape<5, 5, 2>> {};
TEST(capsule_dense, has_the_gradient_of_central_differences) {
    EXPECT_LT(gradient_check<routed>().error, 1e-6);
    EXPECT_LT(gradient_check<routed_otherwise>().error, 1e-6);
}
static_assert(output_shape<routed> == (extents{3}));
static_assert(paths_are<routed_otherwise>({"0.weight", "0.bias", "1.weight", "1.bias"}));
static_assert(parameter_shape<routed_otherwise>("1.weight") == (extents{8, 3, 3, 4}));

// --- masks

template <bool Labelled>
inline constexpr auto masks =
    [](value v, value label) { return Labelled ? masked_capsules(v, label) : masked_capsules(v) + 0 * to_real(label); };
template <bool Labelled> numbers masked_by(int label) {
    model<network<masks<Labelled>, in<"v", shape<3, 2>>, in<"label", shape<>, int32>>, backend::scalar, double> m;
    const auto y = m(numbers{1, 2, -3, 1, 0, 1}, std::vector<std::int32_t>{label});
    return {y.begin(), y.end()};
}
TEST(masked_capsules, keeps_the_one_that_is_named_or_the_longest) {
    EXPECT_EQ(masked_by<true>(0), (numbers{1, 2, 0, 0, 0, 0}));
    EXPECT_EQ(masked_by<true>(2), (numbers{0, 0, 0, 0, 0, 1}));
    EXPECT_EQ(masked_by<true>(-1), (numbers{0, 0, -3, 1, 0, 0}));
    EXPECT_EQ(masked_by<false>(0), (numbers{0, 0, -3, 1, 0, 0}));
}

// --- the whole network

struct whole : network<caps_net, in<"image", shape<28, 28, 1>>, in<"label", shape<>, int32>> {};
static_assert(whole::parameter_count == 8'215'568);
static_assert(output_shape<whole> == (extents{10}) && whole::table.output_count == 2);
static_assert(parameter_shape<whole>("capsule_dense.weight") == (extents{1152, 8, 10, 16}));
struct encoder : network<(conv<256, 9> >> primary_capsules<32, 8, 9, 2> >> capsule_dense<10, 16>), shape<28, 28, 1>> {};
static_assert(encoder::parameter_count == 6'804'224);
struct with_bias_of_digits : network<capsule_dense<10, 16, 3, capsule_bias>, shape<1152, 8>> {};
static_assert(with_bias_of_digits::parameter_count == 1152 * 8 * 160 + 160);
struct decoder : network<capsule_decoder<512, 1024, 784>, shape<10, 16>> {};
static_assert(decoder::parameter_count == 1'411'344 && output_shape<decoder> == (extents{784}));

}  // namespace
