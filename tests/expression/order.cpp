// Applications that one function makes are numbered from the left, whatever form holds them; a trace at run time says
// the same.
#include "../network_facts.hpp"

#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/layers/dense.hpp>

namespace {

using namespace tessera;
using namespace tessera::detail;

constexpr auto three = dense<3, no_bias>;
constexpr auto five = dense<5, no_bias>;
constexpr value difference(value a, value b) { return sum(a) - sum(b); }
// the second is used first
constexpr value backwards(value a, const value& b) { return sum(b) - sum(a); }
constexpr value of_list(values v) { return sum(v[1]) - sum(v[0]); }

inline constexpr auto as_arguments = [](value x) { return difference(three(x), five(x)); };
inline constexpr auto used_backwards = [](value x) { return backwards(three(x), five(x)); };
inline constexpr auto as_operands = [](value x) { return sum(three(x)) * sum(five(x)); };
inline constexpr auto in_braces = [](value x) { return concatenate({three(x), five(x)}); };
inline constexpr auto in_a_list = [](value x) { return of_list({three(x), five(x)}); };
inline constexpr auto in_an_equation = [](value x) { return einsum("i,o->io", three(x), five(x)); };
inline constexpr auto in_two_statements = [](value x) {
    const value a = three(x), b = five(x);
    return difference(a, b);
};
inline constexpr auto in_one_another = [](value x) { return five(three(x)); };
inline constexpr auto inside_functions = [](value x) {
    const auto one = [](value y) { return sum(three(y)); };
    const auto two = [](value y) { return sum(five(y)); };
    return one(x) + two(x);
};

template <auto Function> struct of : network<Function, shape<4>> {};
template <auto Function> constexpr bool is_in_order() {
    return paths_are<of<Function>>({"dense.weight", "dense_1.weight"}) &&
           of<Function>::table.parameters[0].shape[1] == 3 && of<Function>::table.parameters[1].shape[1] == 5;
}
static_assert(is_in_order<as_arguments>() && is_in_order<used_backwards>() && is_in_order<as_operands>());
static_assert(is_in_order<in_braces>() && is_in_order<in_a_list>() && is_in_order<in_an_equation>());
static_assert(is_in_order<in_two_statements>() && is_in_order<in_one_another>() && is_in_order<inside_functions>());

template <auto Function> void expect_same_at_run_time() {
    const graph g = of<Function>::trace(phase::inference);
    ASSERT_FALSE(g.failed);
    ASSERT_EQ(g.parameters.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(g.path_of(g.parameters[i]).view(), path<of<Function>>(static_cast<int>(i)).view());
        EXPECT_EQ(g.parameters[i].shape, of<Function>::table.parameters[i].shape);
    }
    // of training: the same, or a mistake
    const graph trained = of<Function>::trace(phase::training);
    if (trained.failed)
        EXPECT_EQ(trained.problem.found.view(), "another one than when compiled");
    else
        EXPECT_EQ(trained.parameters[0].shape, of<Function>::table.parameters[0].shape);
}

TEST(order, is_the_same_at_run_time) {
    expect_same_at_run_time<as_arguments>();
    expect_same_at_run_time<used_backwards>();
    expect_same_at_run_time<as_operands>();
    expect_same_at_run_time<in_braces>();
    expect_same_at_run_time<in_a_list>();
    expect_same_at_run_time<in_an_equation>();
    expect_same_at_run_time<inside_functions>();
}

TEST(order, statements_are_traced_for_training) {
    EXPECT_FALSE(of<in_two_statements>::trace(phase::training).failed);
    EXPECT_FALSE(of<in_one_another>::trace(phase::training).failed);
    EXPECT_FALSE(of<in_braces>::trace(phase::training).failed);
}

// of equal shapes, where nothing but the order tells
inline constexpr auto twins = [](value x) { return difference(three(x), three(x)); };
TEST(order, of_equal_shapes_is_the_same_at_run_time) {
    const graph g = of<twins>::trace(phase::inference);
    // sum(a) - sum(b), sum(x weight): the weight of the first operand
    int id = g.argument(g.outputs[0], 0);
    while (g.nodes[static_cast<std::size_t>(id)].kind != op::einsum) id = g.argument(id, 0);
    const node& weight = g.nodes[static_cast<std::size_t>(g.argument(id, 1))];
    ASSERT_EQ(weight.kind, op::parameter);
    EXPECT_EQ(g.path_of(g.parameters[static_cast<std::size_t>(weight.slot)]).view(), "dense.weight");
}

}  // namespace
