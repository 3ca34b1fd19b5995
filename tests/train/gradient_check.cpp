#include <tessera/train/gradient_check.hpp>

#include <gtest/gtest.h>

#include <tessera/expression/branches.hpp>
#include <tessera/expression/fork.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/activation/sigmoid.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/embedding.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/regularisation/dropout.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/train/loss/cross_entropy.hpp>

namespace tessera {
namespace {

// the gradient of x^2 taken for 1, and that of a gain for twice what it is
inline constexpr auto wrong_input = [](value x) { return straight_through(square(x), x); };
inline constexpr auto wrong_gain = [](value x) {
    const value gain = parameter("gain", {x.extent(-1)}, initial::constant(1)).with(x);
    return x * (2 * gain - stop_gradient(gain));
};
inline constexpr auto logarithm_of_a_negative = [](value x) { return log(-square(x)); };
inline constexpr auto shared_number = [](value x) { return square(parameter("number", {3}).with(x)); };
inline constexpr auto distance = [](value x, value y) { return sqrt(sum(square(x - y)) + 1); };
inline constexpr auto centre = [](value x) {
    const value before = state("centre", {x.extent(-1)}).with(x), y = x + before;
    update(before, 0.5 * before + batch_mean(x));
    return y;
};

struct pictures
    : network<(conv<4, 3, same> >> relu >> max_pool<2> >> conv<6, 3> >> relu >> flatten >> dense<5>), shape<8, 8, 2>> {
};
struct normed : network<(dense<4> >> batch_norm >> layer<tanh> >> dropout<0.5> >> dense<3>), shape<5>> {};
struct tokens : network<(embedding<7, 4> >> flatten >> dense<3>), in<"tokens", shape<6>, int32>> {};
struct two_heads : network<(dense<4> >> fork(named<"mean">(dense<2>), sigmoid)), shape<3>> {};
struct pair : network<distance, in<"one", shape<4>>, in<"other", shape<4>>> {};
struct shared : network<shared_number, shape<2>> {};
struct remembers : network<centre, shape<3>> {};
struct wrong_in_input : network<wrong_input, shape<3>> {};
struct wrong_in_parameter : network<(dense<3> >> named<"scaled">(wrong_gain)), shape<4>> {};
struct not_a_number : network<logarithm_of_a_negative, shape<3>> {};
struct linear : network<(dense<9>), shape<10>> {};

TEST(gradient_check, passes_convolutions_and_kinks) { EXPECT_LT(gradient_check<pictures>().error, 1e-6); }

TEST(gradient_check, passes_what_differs_in_training) { EXPECT_LT(gradient_check<normed>().error, 1e-6); }

TEST(gradient_check, passes_inputs_of_whole_numbers) {
    const auto result = gradient_check<tokens>({.indices = 7});
    EXPECT_LT(result.error, 1e-6);
    EXPECT_EQ(result.checked, 16 + 16 + 3);  // the index has no gradient
}

TEST(gradient_check, passes_several_outputs) { EXPECT_LT(gradient_check<two_heads>().error, 1e-6); }

TEST(gradient_check, passes_several_inputs) {
    const auto result = gradient_check<pair>();
    EXPECT_LT(result.error, 1e-6);
    EXPECT_EQ(result.checked, 12 + 12);
}

TEST(gradient_check, passes_outputs_that_depend_on_no_input) { EXPECT_LT(gradient_check<shared>().error, 1e-6); }

TEST(gradient_check, puts_states_back_before_each_run) { EXPECT_LT(gradient_check<remembers>().error, 1e-6); }

TEST(gradient_check, takes_a_loss_and_a_number_of_samples) {
    EXPECT_LT((gradient_check<pictures, cross_entropy, 2>().error), 1e-6);
}

TEST(gradient_check, finds_a_wrong_gradient_of_an_input) {
    const auto result = gradient_check<wrong_in_input>();
    EXPECT_GT(result.error, 0.1);
    EXPECT_EQ(result.where, "input");
    EXPECT_GT(std::abs(result.analytic - result.numeric), 0.01);
}

TEST(gradient_check, finds_a_wrong_gradient_of_a_parameter) {
    const auto result = gradient_check<wrong_in_parameter>({.positions = 1000});
    EXPECT_NEAR(result.error, 0.5, 1e-6);
    EXPECT_EQ(result.where, "scaled.gain");
    EXPECT_NEAR(result.analytic, 2 * result.numeric, 1e-6);
}

TEST(gradient_check, takes_no_comfort_from_what_is_not_a_number) {
    EXPECT_EQ(gradient_check<not_a_number>().error, std::numeric_limits<double>::infinity());
}

TEST(gradient_check, checks_all_positions_or_as_many_as_wanted) {
    EXPECT_EQ((gradient_check<linear, weighted_outputs, 1>().checked), 16 + 9 + 10);
    EXPECT_EQ((gradient_check<linear, weighted_outputs, 1>({.positions = 3}).checked), 9);
    EXPECT_EQ((gradient_check<linear, weighted_outputs, 1>({.positions = 100}).checked), 90 + 9 + 10);
}

TEST(gradient_check, repeats_itself_under_one_seed) {
    const auto first = gradient_check<normed>({.seed = 5}), again = gradient_check<normed>({.seed = 5});
    EXPECT_EQ(first.analytic, again.analytic);
    EXPECT_EQ(first.numeric, again.numeric);
    EXPECT_NE(first.analytic, gradient_check<normed>({.seed = 6}).analytic);
}

}  // namespace
}  // namespace tessera
