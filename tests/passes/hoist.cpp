// hoist: what depends on parameters alone stands before the product that it is applied to; nothing else moves.
#include <gtest/gtest.h>

#include <tessera/passes/hoist.hpp>
#include <tessera/passes/simplify.hpp>

#include "../nodes.hpp"
#include "evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

int first_of(const graph& g, op kind) {
    for (std::size_t i = 0; i < g.nodes.size(); ++i)
        if (g.nodes[i].kind == kind) return static_cast<int>(i);
    return -1;
}
int first_of(const graph& g, scalar_function f) {
    for (std::size_t i = 0; i < g.nodes.size(); ++i)
        if (g.nodes[i].kind == op::pointwise && g.nodes[i].function == f) return static_cast<int>(i);
    return -1;
}
void expect_in_order(const graph& g) {
    for (std::size_t i = 0; i < g.nodes.size(); ++i)
        for (int a : arguments_of(g, g.nodes[i])) EXPECT_LT(a, static_cast<int>(i));
}

// relu(x w sqrt(scale) + bias): the product, then what it is scaled by
graph scaled_product() {
    graph g;
    const value x = given(g, {3});
    const value y = einsum("i,io->o", x, parameter("w", {3, 4}));
    const value scale = sqrt(square(parameter("scale", {4}).with(x)));
    g.outputs.push_back(apply(scalar_function::relu, y * scale + parameter("bias", {4}).with(x)).id);
    return g;
}

TEST(hoist, what_is_applied_stands_ahead_of_the_product) {
    const graph g = scaled_product(), after = hoist(g);
    expect_in_order(after);
    EXPECT_GT(first_of(g, scalar_function::square_root), first_of(g, op::einsum));
    EXPECT_LT(first_of(after, scalar_function::square_root), first_of(after, op::einsum));
    EXPECT_GT(first_of(after, scalar_function::multiply), first_of(after, op::einsum));
    EXPECT_EQ(after.nodes.size(), g.nodes.size());
    const all_values x{scattered(6, 0)}, p{scattered(12, 1), scattered(4, 2), scattered(4, 3)};
    EXPECT_EQ(evaluate(g, x, p, 2)[static_cast<std::size_t>(g.outputs[0])],
              evaluate(after, x, p, 2)[static_cast<std::size_t>(after.outputs[0])]);
    for (int k = 0; k < 3; ++k) {
        const auto slot = static_cast<std::size_t>(k);
        EXPECT_EQ(after.nodes[static_cast<std::size_t>(after.parameter_ids[slot])].slot, k);
    }
}

TEST(hoist, what_depends_on_the_samples_stays) {
    graph g;
    const value x = given(g, {3});
    const value y = einsum("i,io->o", x, parameter("w", {3, 4}));
    const value mean = reduce(op::sum, y, 0, {true, true, 1});  // over the samples: one for all of them
    g.outputs.push_back((y * sqrt(mean)).id);
    EXPECT_FALSE(g.nodes[static_cast<std::size_t>(mean.id)].batched);
    const graph after = hoist(g);
    EXPECT_TRUE(same_nodes(after, g));
}

TEST(hoist, a_graph_in_order_is_left_alone) {
    graph g;
    const value x = given(g, {3});
    g.outputs.push_back((einsum("i,io->o", x, parameter("w", {3, 4})) + parameter("b", {4}).with(x)).id);
    EXPECT_TRUE(same_nodes(hoist(g), g));
}

// a loop runs its nodes often: what is computed once stays out of it
TEST(hoist, nothing_moves_into_a_loop) {
    graph g;
    const value x = given(g, {5, 3}), start = broadcast_to(constant(g, 0), {3}, true);
    const value h = scan([](value before, value item) { return tanh(before + item); }, start, x);
    const value scale = sqrt(square(parameter("scale", {3}).with(x)));
    g.outputs.push_back((h * scale).id);
    const graph after = hoist(g);
    EXPECT_LT(first_of(after, op::loop_end), first_of(after, scalar_function::square_root));
    EXPECT_TRUE(same_nodes(after, g));
}

// twice is once
TEST(hoist, is_idempotent) {
    const graph once = hoist(scaled_product());
    EXPECT_TRUE(same_nodes(hoist(once), once));
}

}  // namespace
