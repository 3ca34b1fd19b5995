// Attention as an operation gives what einsums and a softmax give: values, gradients, second derivatives.
#include <tessera/ir/operations/attention.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <tessera/passes/simplify.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../../passes/evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

constexpr int samples = 2;

// T queries, S keys, H heads, K features of a key, V of a value
struct sizes {
    int queries, keys, heads, width, depth;
};

struct attention_case {
    sizes n;
    attention_options options = {};
    extents bias = {-1};  // rank 1 of -1: none
    bool shared_queries = false;
    bool hides = false;  // the bias (T, S) hides all keys from query 1, and key 0 from query 0
    bool has_bias() const { return !(bias == extents{-1}); }
};
constexpr double hidden = -std::numeric_limits<double>::infinity();

// y and the gradients of sum(y w) by q, k, v, bias; with `penalty` the gradients of the sum of their squares instead
graph gradients_of(const attention_case& c, bool streamed, bool penalty, phase purpose = phase::training) {
    graph g;
    g.purpose = purpose;
    const sizes& n = c.n;
    const extents of_queries{n.queries, n.heads, n.width};
    const value w = given(g, {n.queries, n.heads, n.depth});
    const value k = given(g, {n.keys, n.heads, n.width}), v = given(g, {n.keys, n.heads, n.depth});
    const value q = c.shared_queries ? bind(g, parameter("q", of_queries)) : given(g, of_queries);
    const value bias = c.has_bias() ? bind(g, parameter("bias", c.bias)) : value{};
    const value y = streamed ? attend(q, k, v, c.options, bias)
                             : composed_attention(c.options, q, k, c.has_bias() ? bias : value{&g, -1}).result(v);
    list<int> roots{q.id, k.id, v.id};
    if (c.has_bias()) roots.push_back(bias.id);
    const auto differentiated = [&](value total) {
        tape t(g, roots);
        t.run(total, broadcast_to(constant(g, 1), {}, total.batched()));
        std::vector<value> d;
        for (int r : roots) d.push_back(t.gradient(r));
        return d;
    };
    std::vector<value> d = differentiated(sum(y * w));
    if (penalty) {
        value squares = sum(square(y));
        for (const value& x : d) squares = squares + sum(square(x) * 0.5);
        d = differentiated(squares);
    }
    g.outputs = {y.id};
    for (const value& x : d) g.outputs.push_back(x.id);
    EXPECT_FALSE(g.failed) << g.problem.expected.view() << " " << g.problem.found.view();
    return simplify(g);
}

void expect_equal(const attention_case& c, bool penalty, double allowed, phase purpose = phase::training) {
    const graph one = gradients_of(c, true, penalty, purpose), other = gradients_of(c, false, penalty);
    all_values inputs, parameters;
    for (std::size_t i = 0; i < one.inputs.size(); ++i)
        inputs.push_back(scattered(samples * one.inputs[i].shape.size(), i));
    for (std::size_t i = 0; i < one.parameters.size(); ++i)
        parameters.push_back(scattered(one.parameters[i].shape.size(), 10 + i));
    if (c.hides) {
        const auto keys = static_cast<std::size_t>(c.n.keys);
        std::fill_n(parameters.back().begin() + c.n.keys, keys, hidden);
        parameters.back()[0] = hidden;
    }
    const all_values a = evaluate(one, inputs, parameters, samples), b = evaluate(other, inputs, parameters, samples);
    EXPECT_GE(count_of(one, op::attention), 1);
    EXPECT_EQ(count_of(other, op::attention), 0);
    for (std::size_t i = 0; i < one.outputs.size(); ++i) {
        const auto &found = a[static_cast<std::size_t>(one.outputs[i])],
                   &wanted = b[static_cast<std::size_t>(other.outputs[i])];
        ASSERT_EQ(found.size(), wanted.size());
        for (std::size_t k = 0; k < found.size(); ++k)
            ASSERT_NEAR(found[k], wanted[k], allowed * (1 + std::abs(wanted[k]))) << "output " << i << " at " << k;
        if (!c.hides || i > 1) continue;  // y and the gradient of q
        const std::size_t wide = static_cast<std::size_t>(c.n.heads * (i == 0 ? c.n.depth : c.n.width));
        for (std::size_t k = wide; k < 2 * wide; ++k) EXPECT_EQ(found[k], 0) << "output " << i << " at " << k;
    }
}

const attention_case cases[] = {
    {{3, 4, 2, 3, 2}, {.scale = 0.7}},
    {{1, 5, 1, 1, 1}, {}},
    {{4, 1, 3, 2, 5}, {.scale = -2}},
    {{5, 5, 2, 3, 3}, {.scale = 0.5, .causal = true}},
    {{3, 5, 2, 3, 3}, {.scale = 0.5, .causal = true}},
    {{3, 4, 2, 3, 2}, {.scale = 3, .cap = 1.5}},
    {{3, 4, 2, 3, 2}, {}, {2, 3, 4}},
    {{3, 4, 2, 3, 2}, {}, {3, 4}},
    {{3, 4, 2, 3, 2}, {}, {2, 1, 4}},
    {{3, 4, 2, 3, 2}, {}, {4}},
    {{3, 4, 2, 3, 2}, {}, {2, 3, 1}},
    {{4, 4, 2, 3, 2}, {.scale = 2, .causal = true, .cap = 2}, {4, 4}},
    {{3, 4, 2, 3, 2}, {}, {3, 4}, true},
    {{3, 4, 2, 3, 2}, {}, {3, 4}, false, true},
    {{3, 3, 2, 3, 2}, {.scale = 2, .causal = true, .cap = 2}, {3, 3}, false, true},
    {{1, 8, 1, 3, 2}, {.causal = true}},
    {{3, 4, 2, 3, 2}, {.by_offset = true}, {2, 6}},
    {{5, 2, 2, 3, 2}, {.by_offset = true}, {1, 6}},
    {{1, 4, 2, 3, 2}, {.by_offset = true}, {4}},
    {{3, 4, 2, 3, 2}, {.scale = 2, .causal = true, .cap = 2, .by_offset = true}, {2, 6}},
    {{4, 4, 3, 3, 2}, {.by_offset = true}, {7}, true},
};

TEST(attention, equals_its_composition) {
    for (const attention_case& c : cases) {
        SCOPED_TRACE(&c - cases);
        expect_equal(c, false, 1e-13);
    }
}
// a graph that was traced to run only, and is differentiated after all
TEST(attention, has_gradients_where_no_log_sum_was_kept) {
    for (const attention_case& c : cases) {
        SCOPED_TRACE(&c - cases);
        expect_equal(c, false, 1e-13, phase::inference);
    }
}
TEST(attention, has_second_derivatives) {
    for (const attention_case& c : cases) {
        SCOPED_TRACE(&c - cases);
        expect_equal(c, true, 1e-12);
    }
}

// all shared: one result for all samples
TEST(attention, of_parameters_alone_is_not_batched) {
    graph g;
    const value q = bind(g, parameter("q", {2, 1, 3})), k = bind(g, parameter("k", {4, 1, 3}));
    EXPECT_FALSE(attend(q, k, k).batched());
    EXPECT_TRUE(attend(q, given(g, {4, 1, 3}), k).batched());
}

// the last query sees the last key: of one query after keys that were kept, all
TEST(attention, causal_lets_the_last_query_see_all_keys) {
    graph g;
    const value q = given(g, {1, 1, 1}), k = given(g, {8, 1, 1}), v = given(g, {8, 1, 1});
    const value y = attend(q, k, v, {.causal = true}),
                composed = composed_attention({.causal = true}, q, k, {&g, -1}).result(v);
    const std::vector<double> equal(8, 1), values{1, 2, 3, 4, 5, 6, 7, 8};
    const all_values made = evaluate(g, {{1}, equal, values}, {}, 1);
    for (const value& x : {y, composed}) EXPECT_NEAR(made[static_cast<std::size_t>(x.id)][0], 4.5, 1e-14);
}

TEST(attention, counts_the_pairs_that_are_seen) {
    const auto macs_of = [](bool masked, int queries, int keys) {
        graph g;
        const value q = given(g, {queries, 2, 3}), k = given(g, {keys, 2, 3}), v = given(g, {keys, 2, 5});
        const value y = attend(q, k, v, {.causal = masked});
        return attention_operation::macs(g.view(), y.get());
    };
    EXPECT_EQ(macs_of(false, 3, 4), 3 * 4 * 2 * 8);
    EXPECT_EQ(macs_of(true, 4, 4), 10 * 2 * 8);
    EXPECT_EQ(macs_of(true, 3, 4), (2 + 3 + 4) * 2 * 8);
}

// a row that large scores would overflow, and one that -infinity hides a key from
TEST(attention, is_safe_with_large_scores) {
    graph g;
    const value q = given(g, {1, 1, 1}), k = given(g, {3, 1, 1}), v = given(g, {3, 1, 1});
    const value bias = bind(g, parameter("bias", {3}));
    const value y = attend(q, k, v, {}, bias);
    const auto result = [&](std::vector<double> added) {
        return evaluate(g, {{1000}, {1, 2, 3}, {5, 6, 7}}, {added}, 1)[static_cast<std::size_t>(y.id)][0];
    };
    EXPECT_EQ(result({0, 0, hidden}), 6);
    EXPECT_EQ(result({hidden, 0, hidden}), 6);
    EXPECT_EQ(result({hidden, hidden, hidden}), 0);
}

// no array of all pairs of a sample, forward or back
TEST(attention, holds_no_scores) {
    constexpr int places = 37;
    const graph g = gradients_of({{places, places, 2, 3, 3}, {.causal = true}}, true, false);
    for (const node& n : g.nodes) EXPECT_LT(n.shape.size(), places * places);
    const graph biased =
        gradients_of({{places, places, 2, 3, 3}, {.by_offset = true}, {2, 2 * places - 1}}, true, false);
    for (const node& n : biased.nodes) EXPECT_LT(n.shape.size(), places * places);
}

inline constexpr auto of_one_input = [](value x) {  // x (T, 3, H, K)
    const auto part = [&](int i) { return reshape(slice(x, 1, i, 1), {x.extent(0), x.extent(2), x.extent(3)}); };
    const value bias = parameter("bias", {x.extent(2), x.extent(0), x.extent(0)}).with(x);
    return attend(part(0), part(1), part(2), {.scale = 0.6, .causal = true, .cap = 2}, bias);
};
struct biased : network<of_one_input, shape<5, 3, 2, 3>> {};

TEST(attention, gradient_is_that_of_central_differences) {
    EXPECT_LT((gradient_check<biased>({.positions = 60}).error), 1e-6);
}

fault mistake_of(const extents& q, const extents& k, const extents& v, attention_options o = {}, extents bias = {-1}) {
    graph g;
    const value b = bias == extents{-1} ? value{} : given(g, bias);
    attend(given(g, q), given(g, k), given(g, v), o, b);
    return g.problem;
}

TEST(attention, refuses_operands_that_do_not_fit) {
    EXPECT_TRUE(mistake_of({2, 1, 3}, {4, 1, 3}, {4, 1, 5}).expected.empty());
    EXPECT_EQ(mistake_of({2, 3}, {4, 1, 3}, {4, 1, 5}).found.view(), "shape (2, 3)");
    EXPECT_EQ(mistake_of({2, 2, 3}, {4, 1, 3}, {4, 1, 5}).expected.view(), "keys (S, 2, 3)");
    EXPECT_EQ(mistake_of({2, 1, 3}, {4, 1, 2}, {4, 1, 5}).found.view(), "(4, 1, 2)");
    EXPECT_EQ(mistake_of({2, 1, 3}, {4, 1, 3}, {3, 1, 5}).expected.view(), "values (4, 1, V)");
    EXPECT_EQ(mistake_of({5, 1, 3}, {4, 1, 3}, {4, 1, 5}, {.causal = true}).expected.view(),
              "a key for each of 5 queries");
    EXPECT_EQ(mistake_of({2, 1, 3}, {4, 1, 3}, {4, 1, 5}, {}, {2, 3}).expected.view(),
              "a bias that stretches to (1, 2, 4)");
    EXPECT_EQ(mistake_of({2, 1, 3}, {4, 1, 3}, {4, 1, 5}, {.by_offset = true}, {2, 4}).expected.view(),
              "a bias by offset that stretches to (1, 5)");
    EXPECT_EQ(mistake_of({2, 1, 3}, {4, 1, 3}, {4, 1, 5}, {}, {1, 1, 2, 4}).found.view(), "(1, 1, 2, 4)");
}

}  // namespace
