// keep_log_sums: a graph that was traced to run only, about to be differentiated: attention keeps the log-sum-exp of
// its scores, as in training. Else its gradient would compute it a second time.
#pragma once
#include <tessera/ir/operations/attention.hpp>

namespace tessera {

constexpr graph keep_log_sums(graph g) {
    if (g.failed) return g;
    const std::vector<node> before = std::move(g.nodes);
    const int scope_before = g.scope_now;
    std::vector<int> now(before.size(), -1);  // old number -> new number
    g.nodes = {};
    g.nodes.reserve(before.size() + 8);
    for (std::size_t i = 0; i < before.size(); ++i) {
        node n = before[i];
        n.renumber_arguments(now.data());
        const bool lacks = n.kind == op::attention && n.list[3] == 0;
        const int depth = lacks ? n.shape[2] : 0;
        if (lacks) {
            n.list[3] = 1;
            n.shape[2] = depth + 1;
        }
        now[i] = g.add(n);
        g.scope_now = n.scope;
        if (lacks) now[i] = slice(value{&g, now[i]}, 2, 0, depth).id;
    }
    g.scope_now = scope_before;
    g.renumber(now.data());
    return g;
}

}  // namespace tessera
