// What a call returns: views of the model's own memory that hold what the network computed, whatever the caller does
// with his inputs, and inputs that are not overwritten while they are read.
#include <gtest/gtest.h>

#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/fork.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>
#include <tessera/network/tapped.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>
#include <vector>

namespace {

using namespace tessera;
using numbers = std::vector<float>;

template <class View> numbers copy(const View& v) { return {v.begin(), v.end()}; }

template <class Backend> struct results : testing::Test {};
template <class Backend> struct results_death : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(results, backends);
TYPED_TEST_SUITE(results_death, backends);

// a mean over one element is the value under another name
inline constexpr auto less_its_mean = [](value x) { return x - mean(x, leading); };
struct zeros : network<(dense<8> >> less_its_mean), shape<1, 4>> {};

TYPED_TEST(results, of_a_value_and_its_other_name_in_one_formula) {
    model<zeros, TypeParam> m(1);
    EXPECT_EQ(copy(m(numbers{1, -2, 3, 4})), numbers(8, 0));
}

// --- results that are the unchanged input, a state, a parameter

inline constexpr auto input_and_more = [](value x) {
    const value named_input = named<"seen">(identity)(x);
    return values{x, reshape(x, {2, 2}), x * 2, named_input};
};
struct passes_on : network<input_and_more, shape<4>> {};

TYPED_TEST(results, that_are_the_input_outlive_it) {
    model<passes_on, TypeParam, batch<2>, float, tapped<"seen">> m;
    numbers x{1, 2, 3, 4, 5, 6, 7, 8};
    const numbers wanted = x;
    m(x);
    std::ranges::fill(x, -1.0F);
    for (int i : {0, 1, 3}) EXPECT_EQ(copy(m.output(i)), wanted) << i;
    EXPECT_EQ(copy(m.output(2)), (numbers{2, 4, 6, 8, 10, 12, 14, 16}));
    EXPECT_EQ(copy(m.template tap<"seen">()), wanted);
}

// the number of calls before this one
inline constexpr auto calls_before = [](value x) {
    const value n = state("calls", {1}).with(x);
    update(n, n + 1);
    return values{n, x + n, reshape(n, {})};
};
struct counts : network<calls_before, shape<1>> {};

TYPED_TEST(results, that_are_a_state_are_those_of_the_call) {
    model<counts, TypeParam> m;
    for (int call = 0; call < 3; ++call) {
        const auto before = static_cast<float>(call);
        m(numbers{10});
        EXPECT_EQ(copy(m.output(0)), numbers{before});
        EXPECT_EQ(copy(m.output(1)), numbers{10 + before});
        EXPECT_EQ(copy(m.output(2)), numbers{before});
        EXPECT_EQ(m.states()[0], before + 1);
    }
}

inline constexpr auto its_scale = [](value x) {
    const value w = parameter("w", {2}, initial::constant(3)).with(x);
    return values{x * w, w};
};

inline constexpr auto scale_alone = [](value x) { return parameter("w", {2}, initial::constant(3)).with(x); };
struct scales : network<its_scale, shape<2>> {};
struct is_scale : network<scale_alone, shape<2>> {};

TYPED_TEST(results, that_are_a_parameter_are_views_of_it) {
    model<scales, TypeParam> m;
    m(numbers{1, 2});
    EXPECT_EQ(copy(m.output(1)), (numbers{3, 3}));
    EXPECT_EQ(m.output(1).data(), m.parameters().data());
}

TYPED_TEST(results, of_a_step_are_those_before_it) {
    model<is_scale, TypeParam> m;
    trainer<model<is_scale, TypeParam>, squared_error, sgd> train(m);
    train.step(0.5, numbers{0, 0}, numbers{1, 1});
    EXPECT_EQ(copy(train.output()), (numbers{3, 3}));
    EXPECT_NE(m.parameters()[0], 3.0F);
}

// --- a result as the next input

inline constexpr auto transposed = [](value x) { return permute(x, {1, 0}); };
struct transposes : network<transposed, shape<2, 2>> {};
struct counts_on : network<calls_before, shape<1>> {};

TYPED_TEST(results, of_another_model_may_be_an_input) {
    model<transposes, TypeParam> first, second;
    EXPECT_EQ(copy(second(first(numbers{1, 2, 3, 4}))), (numbers{1, 2, 3, 4}));
}
TYPED_TEST(results_death, of_the_model_itself_may_not) {
    model<transposes, TypeParam> m;
    const auto y = m(numbers{1, 2, 3, 4});
    const char* const message = "input 'input': expected memory that the call does not write, found the model's own";
    EXPECT_DEATH(m(y), message);
    model<counts_on, TypeParam> c;
    EXPECT_DEATH(c(c.states().first(1)), message);
    EXPECT_EQ(copy(m(copy(y))), (numbers{1, 2, 3, 4}));
}

}  // namespace
