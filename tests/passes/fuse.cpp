// fuse: which nodes share a step in graphs made by hand; and in every schedule the steps are in a valid order.
#include <gtest/gtest.h>

#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/training.hpp>

#include "../networks/lenet.hpp"
#include "../nodes.hpp"
#include "evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

// fuses whatever may be fused
struct greedy {
    static constexpr bool fuses = true;
    static constexpr bool takes_tail(const graph_view&, const node& n) { return n.kind == op::einsum; }
    static constexpr bool takes_prologue(const graph_view&, const node&) { return true; }
    static constexpr bool takes_view(const graph_view&, const node&, int, const layout&) { return false; }
};
struct lazy {
    static constexpr bool fuses = false;
    static constexpr bool takes_tail(const graph_view&, const node&) { return true; }
    static constexpr bool takes_prologue(const graph_view&, const node&) { return true; }
};

constexpr value named_input(graph& g, const extents& shape) {
    return losses::target(g, text("x"), shape, element::real);
}

// the output's last node, and its operands
template <class Graph> int output(const Graph& g) { return g.outputs[0]; }
template <class Graph> int find(const Graph& g, scalar_function f) {
    for (int i = 0; i < g.node_count; ++i)
        if (g.nodes[i].kind == op::pointwise && g.nodes[i].function == f) return i;
    return -1;
}
template <class Graph> int find(const Graph& g, op kind) {
    for (int i = 0; i < g.node_count; ++i)
        if (g.nodes[i].kind == kind) return i;
    return -1;
}

// whether a node runs before the anchor of its step, is it, or runs after it, and among those when
template <int Nodes> std::pair<int, int> place_in(const schedule<Nodes>& s, const fused_step& t, int node) {
    for (int k = 0; k < t.count(); ++k)
        if (s.members[t.first + k] == node) return {k < t.before ? -1 : 1, k};
    return {0, 0};
}

// every value is computed before it is read, and once
template <class Graph, int Nodes> void expect_valid(const Graph& g, const schedule<Nodes>& s) {
    std::vector<int> times(Nodes, 0);
    for (int k = 0; k < s.step_count; ++k) {
        const fused_step& t = s.steps[k];
        EXPECT_LE(t.count(), 2 * max_step_members);
        EXPECT_TRUE(t.anchor >= 0 || (t.after > 0 && t.before == 0));
        if (t.anchor >= 0) ++times[static_cast<std::size_t>(t.anchor)];
        for (int m = t.first; m < t.first + t.count(); ++m) ++times[static_cast<std::size_t>(s.members[m])];
    }
    for (int i = 0; i < Nodes; ++i) {
        const node& n = g.nodes[i];
        const bool computed = !is_source(n.kind) && n.kind != op::reshape;
        EXPECT_EQ(times[static_cast<std::size_t>(i)], computed ? 1 : 0) << i;
        EXPECT_EQ(s.step_of[i] >= 0, computed) << i;
        if (!computed) continue;
        const fused_step& own = s.steps[s.step_of[i]];
        for (int read : arguments_of(g, n)) {
            const int a = s.root[read], at = s.step_of[a];
            EXPECT_LE(at, s.step_of[i]) << i << " reads " << a;
            if (at < 0 || at == s.step_of[i]) {
                // in one step: what runs before the anchor, the anchor, what runs after it, member after member
                EXPECT_LT(a, i);
                if (at < 0) continue;
                EXPECT_LT(place_in(s, own, a), place_in(s, own, i)) << i << " reads " << a;
                EXPECT_TRUE(a == read || i == own.anchor) << i << " reads " << a << " under another name";
            } else {
                EXPECT_TRUE(s.stored[a]) << i << " reads " << a << " of another step";
            }
        }
    }
    for (int i = 0; i < g.output_count; ++i) EXPECT_TRUE(s.stored[s.root[g.outputs[i]]]);
    for (int i = 0; i < g.loss_count; ++i) EXPECT_TRUE(s.stored[s.root[g.losses[i]]]);
}

// Make: a function from an empty graph to its output
template <auto Make> struct traced {
    static constexpr graph make() {
        graph g;
        g.outputs.push_back(Make(g).id);
        return g;
    }
};
template <auto Make> inline constexpr const auto& made = frozen<traced<Make>>::graph;
template <class Backend, auto Make> auto fused() {
    const auto s = fuse<Backend, made<Make>.node_count>(made<Make>);
    expect_valid(made<Make>, s);
    return s;
}

constexpr value chain_of_three(graph& g) { return exp(square(named_input(g, {4})) * 2); }

TEST(fuse, a_chain_of_one_domain_is_one_step) {
    const auto s = fused<greedy, chain_of_three>();
    EXPECT_EQ(s.step_count, 1);
    EXPECT_EQ(s.steps[0].anchor, -1);
    EXPECT_EQ(s.steps[0].after, 3);
    EXPECT_FALSE(s.stored[find(made<chain_of_three>, scalar_function::square)]);
    EXPECT_TRUE(s.stored[output(made<chain_of_three>)]);
}
TEST(fuse, a_backend_that_does_not_fuse_gets_a_step_for_each_node) {
    const auto s = fused<lazy, chain_of_three>();
    EXPECT_EQ(s.step_count, 3);
    for (int k = 0; k < 3; ++k) EXPECT_EQ(s.steps[k].after, 1);
}

constexpr value two_domains(graph& g) {
    return exp(named_input(g, {4})) + square(named_input(g, {3, 1}));  // (3, 4) from (4) and (3, 1)
}
TEST(fuse, domains_stay_apart) {
    const auto s = fused<greedy, two_domains>();
    EXPECT_EQ(s.step_count, 3);
    EXPECT_TRUE(s.stored[find(made<two_domains>, scalar_function::exponential)]);
}

constexpr value product_with_tail(graph& g) {
    const value y = einsum("a,ab->b", named_input(g, {4}), parameter("w", {4, 3}));
    return apply(scalar_function::relu, y + parameter("b", {3}).with(y));
}
TEST(fuse, a_product_takes_its_tail) {
    const auto s = fused<greedy, product_with_tail>();
    EXPECT_EQ(s.step_count, 1);
    EXPECT_EQ(s.steps[0].anchor, find(made<product_with_tail>, op::einsum));
    EXPECT_EQ(s.steps[0].after, 2);
    EXPECT_EQ(s.steps[0].before, 0);
    EXPECT_FALSE(s.stored[s.steps[0].anchor]);
}
constexpr value softmax_with_tail(graph& g) { return exp(softmax_over_last(op::softmax, named_input(g, {4}))); }
TEST(fuse, a_kernel_without_a_tail_stands_alone) {
    const auto s = fused<greedy, softmax_with_tail>();
    EXPECT_EQ(s.step_count, 2);
    EXPECT_TRUE(s.stored[find(made<softmax_with_tail>, op::softmax)]);
}

// the product is read twice: by its tail and by another product
constexpr value tail_and_more(graph& g) {
    const value y = einsum("a,ab->b", named_input(g, {3}), parameter("w", {3, 3}));
    return exp(y) + einsum("a,ab->b", y, parameter("v", {3, 3}));
}
TEST(fuse, what_others_read_is_stored) {
    const auto s = fused<greedy, tail_and_more>();
    const auto& g = made<tail_and_more>;
    EXPECT_TRUE(s.stored[find(g, op::einsum)]);
    // the sum waits for the second product, and exp for the sum
    EXPECT_EQ(s.step_count, 2);
    EXPECT_EQ(s.step_of[output(g)], 1);
    EXPECT_EQ(s.step_of[find(g, scalar_function::exponential)], 1);
}

constexpr value sum_of_squares(graph& g) { return sum(square(named_input(g, {4}) - 1)); }
TEST(fuse, a_reduction_computes_its_input) {
    const auto s = fused<greedy, sum_of_squares>();
    EXPECT_EQ(s.step_count, 1);
    EXPECT_EQ(s.steps[0].before, 2);
    EXPECT_EQ(s.steps[0].after, 0);
    EXPECT_FALSE(s.stored[find(made<sum_of_squares>, scalar_function::square)]);
}
constexpr value sum_of_what_is_kept(graph& g) {
    const value x = square(named_input(g, {4}) - 1);
    return x * sum(x);
}
TEST(fuse, a_value_with_two_readers_is_no_prologue) {
    const auto s = fused<greedy, sum_of_what_is_kept>();
    EXPECT_EQ(s.step_count, 3);
    EXPECT_TRUE(s.stored[find(made<sum_of_what_is_kept>, scalar_function::square)]);
}

// A product whose first operand is computed by code that nothing else needs, and what keeps it from being so.
constexpr value product_of(value x, std::string_view weight = "w") {
    return einsum("a,ab->b", x, parameter(weight, {x.extent(0), 3}));
}
template <auto Make> void expect_prologue(int members) {
    const auto s = fused<greedy, Make>();
    const auto& g = made<Make>;
    ASSERT_FALSE(g.failed);
    const fused_step& t = s.steps[s.step_of[output(g)]];
    ASSERT_EQ(g.nodes[t.anchor].kind, op::einsum);
    EXPECT_EQ(t.before, members);
    const int operand = s.root[g.view().argument(g.nodes[t.anchor], 0)];
    EXPECT_EQ(s.stored[operand], members == 0);
}
constexpr value product_of_waves(graph& g) { return product_of(cos(named_input(g, {4}) * 3)); }
constexpr value product_with_both(graph& g) { return tanh(product_of(cos(named_input(g, {4})))); }
constexpr value product_of_bases(graph& g) {  // u has three readers, all of them part of the operand
    const value u = reshape(named_input(g, {4}), {4, 1}) - parameter("grid", {5}).with(named_input(g, {1}));
    return product_of(reshape(select(less(u, 0), u, square(u)), {20}));
}
TEST(fuse, a_product_computes_its_first_operand) {
    expect_prologue<product_of_waves>(2);
    expect_prologue<product_with_both>(1);
    EXPECT_EQ((fused<greedy, product_with_both>().steps[0].after), 1);
    expect_prologue<product_of_bases>(4);
}
constexpr value product_of_what_is_kept(graph& g) {
    const value x = cos(named_input(g, {3}));
    return product_of(x) + x;
}
constexpr value product_of_a_sum(graph& g) { return product_of(named_input(g, {4}) + named_input(g, {4})); }
constexpr value product_of_an_epilogue(graph& g) { return product_of(cos(product_of(named_input(g, {4}), "first"))); }
constexpr value product_of_a_softmax(graph& g) {
    return product_of(cos(reshape(softmax_over_last(op::softmax, named_input(g, {2, 2})), {4})));
}
constexpr value product_of_the_second(graph& g) {
    const value x = named_input(g, {4});
    return einsum("ab,a->b", parameter("w", {4, 3}).with(x), cos(x));
}
constexpr value product_of_a_square(graph& g) {
    const value x = cos(named_input(g, {4}));
    return einsum("a,a->", x, x);
}
TEST(fuse, an_operand_is_stored_where_that_costs_no_more) {
    expect_prologue<product_of_what_is_kept>(0);  // read twice
    expect_prologue<product_of_a_sum>(0);         // made of more than it is
    expect_prologue<product_of_an_epilogue>(0);   // computed where the first product is
    expect_prologue<product_of_a_softmax>(0);     // in the softmax's place
    expect_prologue<product_of_the_second>(0);
    expect_prologue<product_of_a_square>(0);
}
// what stays in front of it is read by others as well
constexpr value product_of_what_is_kept_before(graph& g) {
    const value x = softmax_over_last(op::softmax, named_input(g, {3}));
    return exp(product_of(cos(x)) + x);
}
TEST(fuse, an_operand_is_computed_of_what_is_kept) { expect_prologue<product_of_what_is_kept_before>(1); }

// members no more than a step may have: the rest is stored in front of it, so all of it is
constexpr value product_of_much(graph& g) {
    value x = named_input(g, {4});
    for (int i = 0; i < 2 * max_step_members; ++i) x = sin(x);
    return product_of(x);
}
TEST(fuse, a_prologue_is_never_too_long) { expect_prologue<product_of_much>(0); }

constexpr value sum_of_a_diamond(graph& g) {
    const value x = square(named_input(g, {4}) - 1);
    return sum(x * tanh(x));
}
TEST(fuse, what_only_a_prologue_reads_belongs_to_it) {
    const auto s = fused<greedy, sum_of_a_diamond>();
    EXPECT_EQ(s.step_count, 1);
    EXPECT_EQ(s.steps[0].before, 4);
}

constexpr value reshaped(graph& g) { return exp(reshape(square(named_input(g, {2, 3})), {6})); }
TEST(fuse, a_reshape_is_another_name) {
    const auto s = fused<greedy, reshaped>();
    const auto& g = made<reshaped>;
    EXPECT_EQ(s.root[find(g, op::reshape)], find(g, scalar_function::square));
    EXPECT_EQ(s.step_of[find(g, op::reshape)], -1);
    EXPECT_EQ(s.step_count, 2);
}

// x - x with axes of one element in front: the second is read from memory, so it has to be there
constexpr value renamed(graph& g) {
    const value x = square(named_input(g, {1, 3}));
    return x - reshape(x, {3});
}
constexpr value renamed_behind_a_product(graph& g) {
    const value y = einsum("ta,ab->tb", named_input(g, {1, 4}), parameter("w", {4, 3}));
    return exp(y) * sin(reshape(y, {3}));
}
TEST(fuse, a_step_does_not_read_its_own_values_under_another_name) {
    EXPECT_EQ((fused<greedy, renamed>().step_count), 2);
    EXPECT_EQ((fused<greedy, renamed_behind_a_product>().step_count), 3);
}

constexpr value long_chain(graph& g) {
    value x = named_input(g, {4});
    for (int i = 0; i < 3 * max_step_members; ++i) x = sin(x);
    return x;
}
TEST(fuse, a_step_is_never_too_long) { EXPECT_GE((fused<greedy, long_chain>().step_count), 3); }

// --- whole programs

template <class Program> class schedule_of : public testing::Test {};
using networks::lenet;
using programs = testing::Types<program<lenet, backend::scalar, batch<8>>,
                                program<lenet, backend::scalar, batch<8>, float, training<cross_entropy>>,
                                program<lenet, backend::simd, batch<8>>,
                                program<lenet, backend::simd, batch<8>, float, training<cross_entropy>>>;
TYPED_TEST_SUITE(schedule_of, programs);

TYPED_TEST(schedule_of, lenet_is_valid) { expect_valid(TypeParam::graph, TypeParam::order); }
TYPED_TEST(schedule_of, lenet_is_valid_when_all_is_fused) {
    const auto s = fuse<greedy, TypeParam::nodes>(TypeParam::graph);
    expect_valid(TypeParam::graph, s);
    EXPECT_LE(s.step_count, (fuse<lazy, TypeParam::nodes>(TypeParam::graph).step_count));
}

}  // namespace
