// Attention in a graph that was traced to run only is computed once where gradients are taken of it.
#include <tessera/passes/keep_log_sums.hpp>

#include <gtest/gtest.h>

#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/network.hpp>
#include <tessera/passes/simplify.hpp>
#include <tessera/train/gradients_of.hpp>
#include <tessera/train/loss/squared_error.hpp>

#include "evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

struct net : network<multi_head_attention<2>, shape<3, 4>> {};

TEST(keep_log_sums, attention_is_computed_once) {
    const graph g = simplify(gradients_of<squared_error>::prepare<net>());
    EXPECT_FALSE(g.failed);
    EXPECT_EQ(count_of(g, op::attention), 1);
    EXPECT_EQ(count_of(g, op::attention_gradient), 1);
}

TEST(keep_log_sums, changes_no_value) {
    graph g;
    const value q = given(g, {3, 2, 4}), k = given(g, {5, 2, 4}), v = given(g, {5, 2, 3});
    g.outputs = {attend(q, k, v).id};
    const graph after = keep_log_sums(g);
    const all_values x{scattered(24, 0), scattered(40, 1), scattered(30, 2)};
    EXPECT_EQ(evaluate(g, x, {}, 1)[static_cast<std::size_t>(g.outputs[0])],
              evaluate(after, x, {}, 1)[static_cast<std::size_t>(after.outputs[0])]);
}

}  // namespace
