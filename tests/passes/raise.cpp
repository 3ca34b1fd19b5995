// raise: which compositions become operations, which are left alone; and the values never change.
#include <tessera/passes/raise.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <tessera/passes/differentiate.hpp>
#include <tessera/passes/simplify.hpp>

#include "../nodes.hpp"
#include "evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

constexpr int samples = 2;

// a graph made by f from inputs of the given shapes
template <class F> graph made(std::initializer_list<extents> shapes, F f, phase purpose = phase::inference) {
    graph g;
    g.purpose = purpose;
    std::vector<value> x;
    for (const extents& e : shapes) x.push_back(given(g, e));
    g.outputs.push_back(f(x).id);
    EXPECT_FALSE(g.failed) << g.problem.expected.view();
    return g;
}

void expect_same_values(const graph& before, const graph& after) {
    all_values x;
    for (std::size_t i = 0; i < before.inputs.size(); ++i)
        x.push_back(scattered(samples * before.inputs[i].shape.size(), i));
    for (auto& list : x)
        for (double& v : list) v += 0.1;
    const all_values a = evaluate(before, x, {}, samples), b = evaluate(after, x, {}, samples);
    ASSERT_EQ(before.outputs.size(), after.outputs.size());
    for (std::size_t i = 0; i < before.outputs.size(); ++i) {
        const auto &wanted = a[static_cast<std::size_t>(before.outputs[i])],
                   &found = b[static_cast<std::size_t>(after.outputs[i])];
        ASSERT_EQ(wanted.size(), found.size());
        for (std::size_t k = 0; k < wanted.size(); ++k)
            ASSERT_NEAR(found[k], wanted[k], 1e-12 * (1 + std::abs(wanted[k]))) << i << " " << k;
    }
}

// becomes one node of a kind, with the same values
void expect_raised(const graph& g, op kind) {
    const graph after = simplify(raise(g));
    EXPECT_EQ(count_of(after, kind), 1);
    EXPECT_EQ(count_of(after, op::einsum) + count_of(after, op::softmax), 0);
    expect_same_values(g, after);
}
void expect_left_alone(const graph& g) { EXPECT_TRUE(same_nodes(raise(g), g)); }

value softmax(value x) { return softmax_over_last(op::softmax, x); }

// T = 3 queries, S = 4 keys, H = 2 heads, K = 5, V = 6
const std::initializer_list<extents> of_heads = {{3, 2, 5}, {4, 2, 5}, {4, 2, 6}};

TEST(raise, attention_as_the_layers_write_it) {
    expect_raised(
        made(of_heads,
             [](auto& x) { return einsum("hts,shl->thl", softmax(einsum("thk,shk->hts", x[0] * 0.5, x[1])), x[2]); }),
        op::attention);
}
TEST(raise, attention_with_operands_exchanged_and_axes_in_other_orders) {
    expect_raised(made(of_heads,
                       [](auto& x) {  // scores (T, H, S)
                           const value weights = softmax(einsum("jhk,qhk->qhj", x[1], x[0]) / 2);
                           return einsum("cbe,abc->eab", x[2], weights);  // (V, T, H)
                       }),
                  op::attention);
    expect_raised(made({{2, 3, 5}, {2, 5, 4}, {2, 4, 6}},
                       [](auto& x) {  // heads first
                           return einsum("hts,hsv->htv", softmax(0.3 * einsum("htk,hks->hts", x[0], x[1])), x[2]);
                       }),
                  op::attention);
}
TEST(raise, attention_of_one_head) {
    expect_raised(made({{3, 5}, {4, 5}, {4, 6}},
                       [](auto& x) {
                           const value weights = softmax(einsum("tk,sk->ts", x[0], x[1]) * 0.2);
                           return einsum("ts,sv->tv", weights, x[2]);
                       }),
                  op::attention);
}
TEST(raise, attention_with_a_bias_and_a_mask) {
    expect_raised(made({{3, 2, 5}, {4, 2, 5}, {4, 2, 6}, {2, 3, 4}},
                       [](auto& x) {
                           const value scores = x[3] + einsum("thk,shk->hts", x[0], x[1]) * 0.2;
                           const value weights = softmax(scores + causal_mask(*x[0].owner, 3, 4, element::real));
                           return einsum("hts,shl->thl", weights, x[2]);
                       }),
                  op::attention);
    expect_raised(made({{3, 2, 5}, {4, 2, 5}, {4, 2, 6}, {2, 4}},
                       [](auto& x) {  // scores (T, H, S)
                           const value scores = einsum("thk,shk->ths", x[0], x[1]) + x[3];
                           return einsum("ths,shl->thl", softmax(scores), x[2]);
                       }),
                  op::attention);
}

// a query that sees no key has the result 0, however attention is written
TEST(raise, attention_of_a_query_without_keys) {
    const graph g = made({{2, 5}, {3, 5}, {3, 6}, {2, 1}}, [](auto& x) {
        const value scores = einsum("tk,sk->ts", x[0], x[1]) + log(x[3]);
        return einsum("ts,sv->tv", softmax(scores + causal_mask(*x[0].owner, 2, 3, element::real)), x[2]);
    });
    const graph after = simplify(raise(g));
    EXPECT_EQ(count_of(after, op::attention), 1);
    const all_values x{scattered(10, 0), scattered(15, 1), scattered(18, 2), {1, 0}};
    const all_values a = evaluate(g, x, {}, 1), b = evaluate(after, x, {}, 1);
    for (std::size_t k = 0; k < 12; ++k) {
        const double wanted = a[static_cast<std::size_t>(g.outputs[0])][k];
        EXPECT_NEAR(b[static_cast<std::size_t>(after.outputs[0])][k], wanted, 1e-14);
        EXPECT_EQ(wanted == 0, k >= 6);
    }
}

// in training the log-sum-exp is kept, and gradients are those of the composition
TEST(raise, attention_is_differentiated_as_an_operation) {
    const graph plain = made(
        of_heads,
        [](auto& x) {
            return sum(square(einsum("hts,shl->thl", softmax(einsum("thk,shk->hts", x[0], x[1]) * 0.5), x[2])));
        },
        phase::training);
    const auto with_gradients = [](graph g) {
        tape t(g, {0, 1, 2});
        const value y{&g, g.outputs[0]};
        t.run(y, broadcast_to(constant(g, 1), {}, true));
        for (int root : {0, 1, 2}) g.outputs.push_back(t.gradient(root).id);
        return simplify(std::move(g));
    };
    const graph raised = with_gradients(raise(plain));
    EXPECT_EQ(count_of(raised, op::attention_gradient), 1);
    EXPECT_EQ(count_of(raised, op::einsum), 0);
    expect_same_values(with_gradients(plain), raised);
}

value plain_attention(value q, value k, value v) {
    return einsum("hts,shl->thl", softmax(einsum("thk,shk->hts", q, k)), v);
}
graph plain() {
    return made(of_heads, [](auto& x) { return plain_attention(x[0], x[1], x[2]); });
}
int number_of(const graph& g, op kind) {
    for (std::size_t i = 0; i < g.nodes.size(); ++i)
        if (g.nodes[i].kind == kind) return static_cast<int>(i);
    return -1;
}

TEST(raise, leaves_scores_and_weights_that_others_see) {
    const int weights = number_of(plain(), op::softmax), scores = number_of(plain(), op::einsum);
    for (int i : {weights, scores}) {
        graph tapped = plain(), shown = plain(), read = plain(), lost = plain();
        tapped.taps.push_back({0, i});
        expect_left_alone(tapped);
        shown.outputs.push_back(i);
        expect_left_alone(shown);
        read.outputs.push_back(exp(value{&read, i}).id);
        expect_left_alone(read);
        lost.losses.push_back(i);
        expect_left_alone(lost);
    }
}
TEST(raise, keeps_taps_outputs_and_losses_of_the_rest) {
    graph g = plain();
    const int result = g.outputs[0];
    const value y{&g, result};
    g.taps.push_back({0, result});
    g.losses.push_back(sum(y).id);
    g.outputs.push_back((y * 2).id);
    const graph after = raise(g);
    EXPECT_EQ(after.nodes[static_cast<std::size_t>(after.taps[0].id)].kind, op::attention);
    EXPECT_EQ(after.nodes[static_cast<std::size_t>(after.losses[0])].kind, op::reshape);
    expect_same_values(g, after);
}

TEST(raise, leaves_products_that_are_no_attention) {
    const auto left_alone = [](std::initializer_list<extents> shapes, auto f) { expect_left_alone(made(shapes, f)); };
    const auto weights = [](value q, value k) { return softmax(einsum("thk,shk->hts", q, k)); };  // (H, T, S)
    // summed over the queries, not over what softmax ran over
    left_alone({{3, 2, 5}, {4, 2, 5}, {3, 2, 6}},
               [&](auto& x) { return einsum("hts,thl->shl", weights(x[0], x[1]), x[2]); });
    // values of a query
    left_alone({{3, 2, 5}, {4, 2, 5}, {3, 4, 6}},
               [&](auto& x) { return einsum("hts,tsl->thl", weights(x[0], x[1]), x[2]); });
    // values that heads share, and heads that are added up
    left_alone({{3, 2, 5}, {4, 2, 5}, {4, 6}},
               [&](auto& x) { return einsum("hts,sl->thl", weights(x[0], x[1]), x[2]); });
    left_alone(of_heads, [&](auto& x) { return einsum("hts,shl->tl", weights(x[0], x[1]), x[2]); });
    // keys that heads share, and a query in each pair
    left_alone({{3, 2, 5}, {4, 5}, {4, 2, 6}},
               [](auto& x) { return einsum("hts,shl->thl", softmax(einsum("thk,sk->hts", x[0], x[1])), x[2]); });
    left_alone({{3, 4, 5}, {4, 3, 5}, {4, 6}},
               [](auto& x) { return einsum("ts,sl->tl", softmax(einsum("tsk,stk->ts", x[0], x[1])), x[2]); });
    // no softmax, no product below it, a factor that is no number, a sum that is scaled
    left_alone(of_heads, [](auto& x) { return einsum("hts,shl->thl", exp(einsum("thk,shk->hts", x[0], x[1])), x[2]); });
    left_alone({{2, 3, 4}, {4, 2, 6}}, [](auto& x) { return einsum("hts,shl->thl", softmax(x[0] * 2), x[1]); });
    left_alone({{3, 2, 5}, {4, 2, 5}, {4, 2, 6}, {4}}, [](auto& x) {
        return einsum("hts,shl->thl", softmax(einsum("thk,shk->hts", x[0], x[1]) * x[3]), x[2]);
    });
    left_alone({{3, 2, 5}, {4, 2, 5}, {4, 2, 6}, {4}}, [](auto& x) {
        return einsum("hts,shl->thl", softmax((einsum("thk,shk->hts", x[0], x[1]) + x[3]) * 2), x[2]);
    });
}

// weights that are made once are not made again in each iteration
TEST(raise, leaves_weights_from_outside_a_loop) {
    expect_left_alone(made({{3, 5}, {4, 5}, {2, 4, 6}}, [](auto& x) {
        const value weights = softmax(einsum("tk,sk->ts", x[0], x[1]));
        const value start = broadcast_to(constant(*x[0].owner, 0), {3, 6}, true);
        return scan([&](value h, value v) { return h + einsum("ts,sl->tl", weights, v); }, start, x[2]);
    }));
}
TEST(raise, attention_inside_a_loop) {
    const graph g = made({{3, 5}, {4, 5}, {2, 4, 6}}, [](auto& x) {
        const value start = broadcast_to(constant(*x[0].owner, 0), {3, 6}, true);
        const auto body = [&](value h, value v) {
            return h + einsum("ts,sl->tl", softmax(einsum("tk,sk->ts", x[0], x[1])), v);
        };
        return scan(body, start, x[2]);
    });
    const graph after = raise(g);
    EXPECT_EQ(count_of(after, op::attention), 1);
    EXPECT_GT(number_of(after, op::attention), number_of(after, op::loop));
    EXPECT_LT(number_of(after, op::attention), number_of(after, op::loop_end));
}

TEST(raise, logarithm_of_softmax) {
    expect_raised(made({{2, 3}}, [](auto& x) { return log(softmax(x[0] * 2)); }), op::log_softmax);
    graph read = made({{2, 3}}, [](auto& x) { return log(softmax(x[0])); });
    read.outputs.push_back(number_of(read, op::softmax));
    expect_left_alone(read);
}

// x - mean twice: as one node and as two
TEST(raise, normalisation) {
    const auto raised = [](const graph& g) {
        const graph after = simplify(raise(g));
        EXPECT_EQ(count_of(after, scalar_function::normalise), 1);
        expect_same_values(g, after);
    };
    raised(made({{4}}, [](auto& x) {
        const value d = x[0] - mean(x[0]);
        return d * rsqrt(mean(square(d)) + 1e-5);
    }));
    raised(made({{3, 4}}, [](auto& x) {
        const value m = reshape(mean(x[0], last), {3, 1}), d = x[0] - m;
        return d / sqrt(0.1 + reshape(mean(d * d, last), {3, 1}));
    }));
    raised(made({{3, 4}}, [](auto& x) {
        const value m = batch_mean(x[0], axes(0));
        return rsqrt(batch_mean(square(x[0] - m), axes(0)) + 1e-3) * (x[0] - m);
    }));
}
TEST(raise, normalisation_has_the_gradient_of_the_composition) {
    const graph plain = made({{3, 4}}, [](auto& x) {
        const value m = batch_mean(x[0], axes(0)), d = x[0] - m;
        return sum(exp(d * rsqrt(batch_mean(square(d), axes(0)) + 1e-3)) * m);
    });
    const auto with_gradient = [](graph g) {
        tape t(g, {0});
        const value y{&g, g.outputs[0]};
        t.run(y, broadcast_to(constant(g, 1), {}, true));
        g.outputs.push_back(t.gradient(0).id);
        return g;
    };
    const graph after = with_gradient(raise(plain));
    EXPECT_EQ(count_of(after, scalar_function::normalise), 1);
    expect_same_values(with_gradient(plain), after);
}
TEST(raise, leaves_what_is_no_normalisation) {
    const auto left_alone = [](auto f) { expect_left_alone(made({{4, 4}}, f)); };
    left_alone([](auto& x) {  // a mean over one axis, a variance over another
        const value d = x[0] - mean(x[0], leading);
        return d * rsqrt(reshape(mean(square(d), last), {4, 1}) + 1e-5);
    });
    left_alone([](auto& x) {  // a mean of rows taken from columns
        const value d = x[0] - mean(x[0], last);
        return d * rsqrt(mean(square(d), last) + 1e-5);
    });
    left_alone([](auto& x) {  // a sum
        const value d = x[0] - mean(x[0]);
        return d * rsqrt(sum(square(d)) + 1e-5);
    });
    left_alone([](auto& x) {  // not about the mean
        return (x[0] - mean(x[0])) * rsqrt(mean(square(x[0])) + 1e-5);
    });
    left_alone([](auto& x) {  // no gradient through the mean
        const value d = x[0] - stop_gradient(mean(x[0]));
        return d * rsqrt(mean(square(d)) + 1e-5);
    });
    left_alone([](auto& x) { return x[0] * rsqrt(mean(square(x[0])) + 1e-5); });
}

TEST(raise, of_nothing_is_the_same_graph) {
    expect_left_alone(made({{2, 3}}, [](auto& x) { return exp(softmax(x[0])) * x[0]; }));
    graph failed = made({{2, 3}}, [](auto& x) { return x[0]; });
    failed.fail({text("here"), text("layer"), text("this"), text("that"), {}});
    EXPECT_TRUE(raise(failed).failed);
}

}  // namespace
