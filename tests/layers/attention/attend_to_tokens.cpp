// Attention to maps of tokens: both orders of its products have one value and one gradient, and the cheaper one is taken.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tessera/layers/attention/attend_to_tokens.hpp>
#include <tessera/passes/differentiate.hpp>
#include <vector>

#include "../../passes/evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

struct tokens_case {
    int queries, tokens, heads, k, v, e, f;
    bool absorbed, biased = false, shared_queries = false, one_set = false;
};

// the graph, and in it the result and its gradients
struct attending {
    graph g;
    std::vector<value> results;

    attending(const tokens_case& c, bool plain) {
        g.purpose = phase::training;
        const extents asking{c.queries, c.heads, c.k};
        const auto of = [&](std::string_view name, const extents& shape) { return bind(g, parameter(name, shape)); };
        const value q = c.shared_queries ? of("q", asking) : given(g, asking);
        const value x = given(g, {c.tokens, c.e}), z = c.one_set ? x : given(g, {c.tokens, c.f});
        const value w = given(g, {c.queries, c.heads, c.v});
        token_map key{x, of("key", {c.e, c.heads, c.k})}, kept{z, of("value", {c.f, c.heads, c.v})};
        if (c.biased) {
            key.bias = of("key_bias", {c.heads, c.k});
            kept.bias = of("value_bias", {c.heads, c.v});
        }
        const value y = plain ? attend(q, key(), kept(), {.scale = 0.7}) : attend_to_tokens(q, key, kept, 0.7);
        results.push_back(y);
        list<int> roots;
        for (int i = 0; i < y.id; ++i)
            if (const op kind = g.nodes[static_cast<std::size_t>(i)].kind; kind == op::input || kind == op::parameter)
                roots.push_back(i);
        const value total = sum(y * w);
        tape t(g, roots);
        t.run(total, broadcast_to(constant(g, 1), {}, true));
        for (const int root : roots) results.push_back(t.gradient(root));
    }
    all_values evaluated(int samples) const {
        all_values inputs, parameters;
        for (const auto& i : g.inputs) inputs.push_back(scattered(samples * i.shape.size(), inputs.size()));
        for (const auto& p : g.parameters) parameters.push_back(scattered(p.shape.size(), 10 + parameters.size()));
        const all_values made = evaluate(g, inputs, parameters, samples);
        all_values found;
        for (const value r : results) found.push_back(made[static_cast<std::size_t>(r.id)]);
        return found;
    }
    bool is_of_one_head(int rows) const {
        return std::ranges::any_of(g.nodes, [rows](const node& n) {
            return n.kind == op::attention && n.shape[0] == rows && n.shape[1] == 1;
        });
    }
};

// queries, tokens, heads, K, V, E, F
const tokens_case cases[] = {
    {2, 30, 4, 3, 3, 5, 5, true, true},
    {2, 30, 4, 3, 3, 5, 5, true, false, true},
    {1, 9, 2, 3, 5, 4, 7, true, true, true},  // keys and values of other widths, and of other tokens
    {3, 25, 3, 4, 4, 2, 2, true, true, false, true},
    {30, 30, 2, 3, 3, 1, 1, true, true},    // many queries of tokens that are narrow
    {30, 9, 4, 3, 3, 12, 12, false, true},  // many queries
    {7, 7, 2, 3, 3, 6, 6, false, true, false, true},
    {1, 1, 1, 1, 1, 1, 1, false, true},
    {4, 11, 1, 6, 6, 6, 6, false},  // as much either way
};

TEST(attend_to_tokens, is_attention_to_their_keys_and_values) {
    for (const tokens_case& c : cases) {
        SCOPED_TRACE(&c - cases);
        const attending either(c, false), plain(c, true);
        ASSERT_FALSE(either.g.failed || plain.g.failed);
        EXPECT_EQ(either.is_of_one_head(c.heads * c.queries) && !plain.is_of_one_head(c.heads * c.queries), c.absorbed);
        const all_values found = either.evaluated(3), wanted = plain.evaluated(3);
        ASSERT_EQ(found.size(), wanted.size());
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            ASSERT_EQ(found[i].size(), wanted[i].size());
            for (std::size_t k = 0; k < wanted[i].size(); ++k)
                ASSERT_NEAR(found[i][k], wanted[i][k], 1e-10 * std::max(1.0, std::abs(wanted[i][k]))) << i << " " << k;
        }
    }
}

// What all samples share is computed once: tokens that are the same for all have their keys and values made.
TEST(attend_to_tokens, counts_what_samples_have_of_their_own) {
    graph g;
    const value q = given(g, {2, 2, 3});
    const auto of = [&](std::string_view name, const extents& shape) { return bind(g, parameter(name, shape)); };
    const value shared = of("tokens", {20, 4}), own = given(g, {20, 4});
    const value key = of("key", {4, 2, 3}), kept = of("value", {4, 2, 3});
    EXPECT_TRUE(absorbs_maps(q, {own, key}, {own, kept}));
    EXPECT_FALSE(absorbs_maps(q, {shared, key}, {shared, kept}));
    EXPECT_FALSE(absorbs_maps(of("q", {2, 2, 3}), {shared, key}, {shared, kept}));
}

}  // namespace
