// simplify: what merges, what vanishes, what stays; and the values never change.
#include <gtest/gtest.h>

#include <algorithm>
#include <tessera/passes/simplify.hpp>

#include "../nodes.hpp"
#include "evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

// the same outputs, from fewer nodes or as many
void expect_same_values(const graph& before, const graph& after) {
    all_values x;
    for (std::size_t i = 0; i < before.inputs.size(); ++i) x.push_back(scattered(2 * before.inputs[i].shape.size(), i));
    const all_values wanted = evaluate(before, x, {}, 2), found = evaluate(after, x, {}, 2);
    ASSERT_EQ(before.outputs.size(), after.outputs.size());
    for (std::size_t i = 0; i < before.outputs.size(); ++i)
        EXPECT_EQ(wanted[static_cast<std::size_t>(before.outputs[i])],
                  found[static_cast<std::size_t>(after.outputs[i])]);
}

// a graph made by f from inputs of the given shape
template <class F> graph made(const extents& shape, int inputs, F f) {
    graph g;
    std::vector<value> x;
    for (int i = 0; i < inputs; ++i) x.push_back(given(g, shape));
    g.outputs.push_back(f(x).id);
    return g;
}

TEST(simplify, equal_nodes_become_one) {
    const graph g = made({3}, 2, [](auto& x) { return exp(x[0] * x[1]) + exp(x[0] * x[1]); });
    const graph after = simplify(g);
    EXPECT_EQ(count_of(g, scalar_function::exponential), 2);
    EXPECT_EQ(count_of(after, scalar_function::exponential), 1);
    EXPECT_EQ(count_of(after, scalar_function::multiply), 1);
    expect_same_values(g, after);
}

TEST(simplify, scopes_do_not_keep_equal_nodes_apart) {
    graph g;
    const value x = given(g, {3}), first = exp(x), second = exp(x);
    g.scopes.emplace_back().parent = 0;
    g.nodes.back().scope = 1;
    g.outputs = {(first + second).id};
    EXPECT_EQ(count_of(simplify(g), scalar_function::exponential), 1);
}

TEST(simplify, different_nodes_stay_apart) {
    const graph g = made({3, 3}, 1, [](auto& x) { return sum(x[0], last) * 2 + sum(x[0], axes(0)) * 3; });
    const graph after = simplify(g);
    EXPECT_EQ(count_of(after, op::sum), 2);
    EXPECT_EQ(count_of(after, scalar_function::multiply), 2);
    expect_same_values(g, after);
}

TEST(simplify, identities_vanish) {
    const graph g = made({4}, 1, [](auto& x) { return (((x[0] * 1 + 0) / 1 - 0) * 1) + exp(x[0]); });
    const graph after = simplify(g);
    EXPECT_EQ(count_of(after, op::pointwise), 2);  // exp, +
    EXPECT_EQ(count_of(after, op::constant), 0);
    expect_same_values(g, after);
}

// x + 0 where 0 has more axes is not x
TEST(simplify, a_stretching_identity_stays) {
    graph g;
    const value x = given(g, {1, 3});
    g.outputs = {(x + broadcast_to(constant(g, 0), {2, 3}, true)).id};
    const graph after = simplify(g);
    EXPECT_EQ(after.nodes[static_cast<std::size_t>(after.outputs[0])].shape, (extents{2, 3}));
    expect_same_values(g, after);
}

TEST(simplify, numbers_are_computed) {
    graph g;
    const value x = given(g, {3});
    g.outputs = {(x * exp(constant(g, 2) * constant(g, 3) - 6)).id};  // x * e^0
    const graph after = simplify(g);
    EXPECT_EQ(after.nodes.size(), 1u);
    EXPECT_EQ(after.outputs[0], 0);
}

// pointwise code reads numbers as they are; memory is what others read
TEST(simplify, numbers_that_others_read_are_put_in_memory) {
    graph g;
    const value x = given(g, {3}), two = constant(g, 2), one = reshape(constant(g, 1), {1});
    store(two * 3, store_to::gradient, 0);
    g.outputs = {two.id, (x * one).id};
    g.losses = {(two * 2).id};
    const graph after = simplify(g);
    const auto reads_a_number = [&](const node& n) {
        for (int a : arguments_of(after, n))
            if (n.kind != op::pointwise && after.nodes[static_cast<std::size_t>(a)].kind == op::constant) return true;
        return false;
    };
    EXPECT_EQ(std::ranges::count_if(after.nodes, reads_a_number), 0);
    for (int i : {after.outputs[0], after.losses[0]})
        EXPECT_EQ(after.nodes[static_cast<std::size_t>(i)].kind, op::pointwise);
    expect_same_values(g, after);
    EXPECT_EQ(simplify(after).nodes.size(), after.nodes.size());
}

TEST(simplify, zeros_of_two_signs_stay_apart) {
    graph g;
    const value x = given(g, {3});
    g.outputs = {(x / 0.0).id, (x / -0.0).id};
    const graph after = simplify(g);
    EXPECT_EQ(count_of(after, op::constant), 2);
    EXPECT_NE(after.outputs[0], after.outputs[1]);
    expect_same_values(g, after);
}

TEST(simplify, reshapes_collapse) {
    const graph g = made({2, 6}, 1, [](auto& x) { return reshape(reshape(reshape(x[0], {12}), {3, 4}), {4, 3}); });
    const graph after = simplify(g);
    EXPECT_EQ(count_of(after, op::reshape), 1);
    EXPECT_EQ(after.nodes[static_cast<std::size_t>(after.outputs[0])].shape, (extents{4, 3}));
    expect_same_values(g, after);
    const graph back = made({2, 6}, 1, [](auto& x) { return reshape(reshape(x[0], {12}), {2, 6}); });
    EXPECT_EQ(simplify(back).nodes.size(), 1u);
}

TEST(simplify, random_nodes_are_never_merged) {
    graph g;
    const value x = given(g, {3}), a = random_like(x), b = random_like(x);
    g.nodes[static_cast<std::size_t>(b.id)].slot = g.nodes[static_cast<std::size_t>(a.id)].slot;  // equal in all
    g.outputs = {(a + b).id};
    EXPECT_EQ(count_of(simplify(g), op::random), 2);
}

TEST(simplify, stores_are_kept_and_not_merged) {
    graph g;
    const value x = given(g, {3}), y = exp(x);
    store(y, store_to::gradient, 0);
    store(y, store_to::gradient, 0);
    g.outputs = {x.id};
    const graph after = simplify(g);
    EXPECT_EQ(count_of(after, op::store), 2);
    EXPECT_EQ(count_of(after, scalar_function::exponential), 1);
}

TEST(simplify, dead_nodes_are_dropped_but_not_inputs) {
    graph g;
    const value x = given(g, {3}), unused = given(g, {3});
    const value dead = exp(unused);
    random_like(dead);
    const value tapped = log(x), loss = sum(square(x));
    g.outputs = {(x + 1).id};
    g.taps.push_back({0, tapped.id});
    g.losses = {loss.id};
    const graph after = simplify(g);
    EXPECT_EQ(count_of(after, op::input), 2);
    EXPECT_EQ(count_of(after, op::random), 0);
    EXPECT_EQ(count_of(after, scalar_function::exponential), 0);
    const auto at = [&](int i) -> const node& { return after.nodes[static_cast<std::size_t>(i)]; };
    EXPECT_EQ(at(after.taps[0].id).function, scalar_function::logarithm);
    EXPECT_EQ(at(after.outputs[0]).function, scalar_function::add);
    EXPECT_TRUE(at(after.losses[0]).shape == extents{});
}

TEST(simplify, twice_is_once_and_operands_come_first) {
    const graph g = made({2, 6}, 2, [](auto& x) {
        return softmax_over_last(op::softmax,
                                 einsum("ab,cb->ac", x[0] * 1, x[1]) + sum(x[0] * x[1]) + sum(x[0] * x[1]));
    });
    const graph once = simplify(g), twice = simplify(once);
    EXPECT_TRUE(same_nodes(once, twice));
    expect_same_values(g, once);
    for (std::size_t i = 0; i < once.nodes.size(); ++i)
        for (int a : arguments_of(once, once.nodes[i])) EXPECT_LT(a, static_cast<int>(i));
}

}  // namespace
