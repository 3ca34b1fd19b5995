// keep_log_sums: a graph that was traced to run only, about to be differentiated: attention keeps the log-sum-exp of
// its scores, as in training. Else its gradient would compute it a second time.
#pragma once
#include <tessera/ir/operations/attention.hpp>
#include <tessera/passes/rewrite.hpp>

namespace tessera::detail {

constexpr graph keep_log_sums(graph g) {
    if (g.failed) return g;
    rewrite r(g);
    for (int i = 0; i < r.count(); ++i) {
        node n = r.before(i);
        auto own = n.kind == op::attention ? g.attributes<attention_attributes>(n) : attention_attributes{};
        if (n.kind != op::attention || own.keeps_log_sum) {
            r.keep(i);
            continue;
        }
        const int depth = n.shape[2];
        own.keeps_log_sum = 1;
        n.shape[2] = depth + 1;
        g.set_attributes(n, own);
        const int both = r.keep_as(i, n);
        r.becomes(i, slice(value{&g, both}, 2, 0, depth).id);
    }
    r.finish();
    return g;
}

}  // namespace tessera::detail
