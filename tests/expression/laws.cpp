// Laws of the algebra that speak of values and gradients.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/fork.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/dense.hpp>

#include "../layers/evaluate.hpp"

namespace {

using namespace tessera;

// values of a network whose inputs and parameters follow one rule, told apart by their paths alone
template <auto Expression> struct outcome {
    numbers y, dx;
    evaluation<network<Expression, shape<3>>> e{phase::inference, 2};

    outcome(std::initializer_list<std::pair<const char*, int>> parameters) {
        for (std::size_t i = 0; i < 6; ++i) e.input()[i] = std::sin(1.0 + static_cast<double>(i));
        for (const auto& [path, kind] : parameters) {
            numbers& w = e.parameter(path);
            for (std::size_t i = 0; i < w.size(); ++i) w[i] = std::cos(static_cast<double>(i) + 10 * kind);
        }
        e.run();
        y = e.output();
        dx = e.input_gradient();
    }
};

void expect_equal(const numbers& a, const numbers& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-13);
}

inline constexpr auto linear = dense<3, no_bias>;
inline constexpr auto curve = layer<tanh>;

TEST(algebra, addition_of_named_branches_commutes) {
    const outcome<(named<"a">(linear >> curve) + named<"b">(linear))> left{{"a.0.weight", 1}, {"b.weight", 2}};
    const outcome<(named<"b">(linear) + named<"a">(linear >> curve))> right{{"a.0.weight", 1}, {"b.weight", 2}};
    expect_equal(left.y, right.y);
    expect_equal(left.dx, right.dx);
    expect_equal(left.e.gradient("a.0.weight"), right.e.gradient("a.0.weight"));
}

TEST(algebra, a_linear_map_distributes_over_addition) {
    const outcome<((curve + layer<sin>) >> tied<"w">(linear))> whole{{"w.weight", 1}};
    const outcome<((curve >> tied<"w">(linear)) + (layer<sin> >> tied<"w">(linear)))> parts{{"w.weight", 1}};
    expect_equal(whole.y, parts.y);
    expect_equal(whole.dx, parts.dx);
    expect_equal(whole.e.gradient("w.weight"), parts.e.gradient("w.weight"));
}

TEST(algebra, a_difference_with_itself_vanishes) {
    const outcome<(tied<"w">(linear) - tied<"w">(linear))> none{{"w.weight", 1}};
    expect_equal(none.y, numbers(6, 0.0));
    expect_equal(none.dx, numbers(6, 0.0));
}

TEST(algebra, a_product_with_itself_is_a_square) {
    const outcome<(curve * curve)> product{};
    const outcome<(curve >> layer<square>)> squared{};
    expect_equal(product.y, squared.y);
    expect_equal(product.dx, squared.dx);
}

TEST(algebra, branches_side_by_side_keep_their_order) {
    const outcome<(identity | curve)> both{};
    ASSERT_EQ(both.y.size(), 12u);
    EXPECT_EQ(both.y[0], std::sin(1.0));
    EXPECT_NEAR(both.y[3], std::tanh(std::sin(1.0)), 1e-15);
    EXPECT_NEAR(both.dx[0], 2 - std::pow(std::tanh(std::sin(1.0)), 2), 1e-15);
}

TEST(algebra, the_gradients_of_a_tied_map_add) {
    const outcome<(tied<"w">(linear) + (curve >> tied<"w">(linear)))> tied_sum{{"w.weight", 1}};
    const outcome<(linear + (curve >> linear))> apart{{"0.weight", 1}, {"1.1.weight", 1}};
    expect_equal(tied_sum.y, apart.y);
    numbers total = apart.e.gradient("0.weight");
    for (std::size_t i = 0; i < total.size(); ++i) total[i] += apart.e.gradient("1.1.weight")[i];
    expect_equal(tied_sum.e.gradient("w.weight"), total);
}

TEST(algebra, pointful_and_point_free_agree) {
    constexpr auto pointful = [](value x) { return dense<3, no_bias>(tanh(dense<3, no_bias>(x))); };
    const outcome<(linear >> curve >> linear)> free{{"0.weight", 1}, {"2.weight", 2}};
    const outcome<pointful> named_by_layer{{"dense.weight", 1}, {"dense_1.weight", 2}};
    expect_equal(free.y, named_by_layer.y);
    expect_equal(free.dx, named_by_layer.dx);
}

}  // namespace
