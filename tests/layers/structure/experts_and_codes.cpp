// Mixtures of experts and vector quantisers: what is chosen, what is left out, losses, states, gradients.
#include <gtest/gtest.h>

#include <cmath>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/branches.hpp>
#include <tessera/layers/structure/mixture_of_experts.hpp>
#include <tessera/layers/structure/vector_quantiser.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../../network_facts.hpp"
#include "run_of.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;
using tests::run_of;

// --- experts

struct two_of_three : network<(mixture_of_experts<3, 5, experts_each<2>, capacity_factor<1>>), shape<6, 4>> {};
static_assert(output_shape<two_of_three> == (extents{6, 4}));
static_assert(paths_are<two_of_three>({"gate", "up", "up_bias", "down", "down_bias"}));
static_assert(two_of_three::parameter_count == 4 * 3 + 3 * (4 * 5 + 5 + 5 * 4 + 4));
// gate, 3 experts of 4 places, twice 4 x 5, and the weights of 2 choices
static_assert(two_of_three::macs == 6 * 4 * 3 + 2 * 3 * 4 * 4 * 5 + 2 * 6 * 4);
static_assert(mixture_of_experts_layer<3, 5>::capacity(7) == 3);  // 1.25 * 7 / 3, rounded up
static_assert(mixture_of_experts_layer<3, 5, capacity_factor<9>>::capacity(7) == 7);
static_assert(mixture_of_experts_layer<64, 5>::capacity(7) == 1);
static_assert(mistake<mixture_of_experts<3, 5>, 6>().expected.view() == "tokens (tokens, features)");

// Two experts, the first adds 1 and the second 10: features are not negative, so relu lets them pass. The gate looks at
// the sign of the second feature, and is sure.
template <class... Options> struct adding : run_of<network<mixture_of_experts<2, 2, Options...>, shape<4, 2>>> {
    adding() {
        this->set("gate", {0, 0, 100, -100});
        this->set("up", {1, 0, 0, 1, 1, 0, 0, 1});
        this->set("up_bias", {0, 5, 0, 5});
        this->set("down", {1, 0, 0, 1, 1, 0, 0, 1});
        this->set("down_bias", {1, -5, 10, -5});
    }
};
template <class Run> std::vector<double> first_features(Run& r, const std::vector<double>& x) {
    r.input() = x;
    r.run();
    std::vector<double> y;
    for (std::size_t t = 0; t < 4; ++t) y.push_back(r.output()[2 * t]);
    return y;
}
using list = std::vector<double>;

TEST(mixture_of_experts, sends_each_token_to_its_expert) {
    adding<capacity_factor<2>> r;
    EXPECT_EQ(first_features(r, {1, 1, 2, -1, 3, 1, 4, 1}), (list{2, 12, 4, 5}));
    EXPECT_EQ(first_features(r, {1, -1, 2, -1, 3, -1, 4, -1}), (list{11, 12, 13, 14}));
}
TEST(mixture_of_experts, leaves_out_what_finds_its_expert_full) {
    adding<capacity_factor<1>> r;  // two places each
    EXPECT_EQ(first_features(r, {1, 1, 2, -1, 3, 1, 4, 1}), (list{2, 12, 4, 0}));
    EXPECT_EQ(r.input_gradient()[6], 0);
    EXPECT_NE(r.input_gradient()[4], 0);
}
// with both experts and places for all it is the weighted sum of both
TEST(mixture_of_experts, of_all_experts_is_their_mean) {
    adding<capacity_factor<1>, experts_each<2>> r;
    r.set("gate", {0, 0, 0, 0});
    EXPECT_EQ(first_features(r, {1, 1, 2, -1, 3, 1, 4, 1}), (list{6.5, 7.5, 8.5, 9.5}));
}
// first choices of all tokens come before second ones
TEST(mixture_of_experts, serves_first_choices_first) {
    adding<capacity_factor<0.75>, experts_each<2>> r;  // three places each
    r.set("gate", {0, 0, 1, -1});
    const list y = first_features(r, {1, 1, 2, 1, 3, -1, 4, -1});
    const auto w = [](double s) { return 1 / (1 + std::exp(-2 * s)); };
    EXPECT_NEAR(y[0], w(1) * 2 + w(-1) * 11, 1e-14);  // its second choice is the third of the second expert
    EXPECT_NEAR(y[1], w(1) * 3, 1e-14);
    EXPECT_NEAR(y[2], w(1) * 13 + w(-1) * 4, 1e-14);
    EXPECT_NEAR(y[3], w(1) * 14, 1e-14);
}

struct even
    : network<residual(mixture_of_experts<2, 3, capacity_factor<2>, balanced<0.5>, important<0.25>>), shape<3, 2>> {};
TEST(mixture_of_experts, adds_what_keeps_the_experts_even) {
    run_of<even, backend::scalar, double, 2> r;
    r.set("1.gate", {0, 0, 1, -1});
    std::ranges::fill(r.seed(), 0.0);
    r.input() = {0, 9, 0, 9, 0, 9, 0, -9, 0, -9, 0, -9};  // of two samples, one for each expert
    r.run();
    EXPECT_NEAR(r.loss(), 0.5 * 1, 1e-6);
    r.input() = {0, 9, 0, 9, 0, 9, 0, 9, 0, 9, 0, 9};
    r.run();
    EXPECT_NEAR(r.loss(), 0.5 * 2 + 0.25 * 1, 1e-6);
}

struct rich : network<(mixture_of_experts<3, 2, experts_each<2>, over_chosen, noisy, balanced<0.1>, important<0.1>>),
                      shape<5, 3>> {};
TEST(mixture_of_experts, gradients_are_exact) {
    EXPECT_LT((gradient_check<two_of_three, weighted_outputs, 2>().error), 1e-5);
    EXPECT_LT((gradient_check<rich, weighted_outputs, 2>().error), 1e-5);
}
// --- codes

struct codes : network<vector_quantiser<3>, shape<4, 2>> {};
static_assert(codes::table.output_count == 2 && codes::parameter_count == 3 * 2);
static_assert(output_shape<codes> == (extents{4, 2}));
struct moving : network<vector_quantiser<3, moving_codes<0.5>>, shape<4, 2>> {};
static_assert(moving::parameter_count == 0 && moving::table.state_count == 2);
static_assert(mistake<vector_quantiser<3>, 2, 2, 2, 2, 2>().expected.view() == "codes (..., features)");

const std::vector<double> table{0, 0, 1, 1, -1, 2}, z{0.1, 0.2, 0.9, 0.6, -2, 1, 0.4, 0.4};

TEST(vector_quantiser, takes_the_nearest_code_and_passes_the_gradient) {
    run_of<codes> r;
    r.set("codes", table);
    r.input() = z;
    r.seed() = {1, 2, 3, 4, 5, 6, 7, 8};
    r.run();
    EXPECT_EQ(std::vector<double>(r.output().begin(), r.output().end()), (list{0, 0, 1, 1, -1, 2, 0, 0}));
    EXPECT_EQ(std::vector<std::int32_t>(r.index_output(1).begin(), r.index_output(1).end()),
              (std::vector<std::int32_t>{0, 1, 2, 0}));
    // straight through, and 0.25 times the derivative of the mean of (z - q)^2
    const std::vector<double> q{0, 0, 1, 1, -1, 2, 0, 0};
    double apart = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        EXPECT_NEAR(r.input_gradient()[i], static_cast<double>(i + 1) + 0.25 * 2 * (z[i] - q[i]) / 8, 1e-14);
        apart += (z[i] - q[i]) * (z[i] - q[i]) / 8;
    }
    // code 1 is drawn to the one place that chose it
    EXPECT_NEAR(r.gradient("codes")[2], 2 * (1 - 0.9) / 8, 1e-14);
    EXPECT_NEAR(r.gradient("codes")[0], 2 * (-0.1 - 0.4) / 8, 1e-14);
    double outputs = 0;
    for (std::size_t i = 0; i < 8; ++i) outputs += q[i] * static_cast<double>(i + 1);
    EXPECT_NEAR(r.loss(), outputs + 1.25 * apart, 1e-13);
}
template <class Backend, class T> void codes_move() {
    run_of<moving, Backend, T, 2> r;
    std::ranges::copy(table, r.state("total").begin());
    // no place chooses code 2
    for (std::size_t i = 0; i < 16; ++i) r.input()[i] = static_cast<T>(i % 2 == 0 ? 0.5 : i < 8 ? 1.0 : 0.75);
    r.run();
    // all eight places (0.5, 1) or (0.5, 0.75) are nearest to code 1
    const std::vector<double> total{0, 0, 0.5 + 0.5 * 8 * 0.5, 0.5 + 0.5 * (4 * 1 + 4 * 0.75), -0.5, 1};
    const std::vector<double> count{0.5, 0.5 + 4, 0.5};
    for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(static_cast<double>(r.state("total")[i]), total[i], 1e-6) << i;
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(static_cast<double>(r.state("count")[i]), count[i], 1e-6) << i;
}
TEST(vector_quantiser, codes_follow_the_means_of_what_chose_them) {
    codes_move<backend::scalar, double>();
    codes_move<backend::simd, float>();
}

}  // namespace
