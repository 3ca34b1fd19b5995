// prepared_steps: which steps of a program depend on fixed parameters and numbers alone, and so are run once, before calls.
//
// A folded network has few of them: fold has computed what real numbers depend on parameters alone. What is left makes
// whole numbers or bits, which no parameter holds: the signs of weights as bits, weights that are quantised. A program that
// mixes widths has none.
//
// Cost        linear in the number of nodes.
#pragma once
#include <tessera/ir/frozen_graph.hpp>
#include <tessera/passes/fuse.hpp>

namespace tessera::detail {

// to prepared, by step
template <int Nodes, class Graph>
constexpr void find_prepared_steps(const Graph& g, const schedule<Nodes>& s, bool* prepared) {
    if (!g.fixed_parameters) return;
    for (int i = 0; i < Nodes; ++i)
        if (has_width(g.nodes[i].type)) return;  // two number types take turns in a call
    for (int k = 0; k < s.step_count; ++k) prepared[k] = true;
    const graph_view view = g.view();
    bool fixed[Nodes + 1] = {};
    for (int i = 0; i < Nodes; ++i) {
        const node& n = g.nodes[i];
        fixed[i] = n.kind == op::parameter || n.kind == op::constant ||
                   (!is_source(n.kind) && facts_of(n.kind).pure && !n.batched);
        for (int k = 0; k < n.argument_count && fixed[i]; ++k) fixed[i] = fixed[view.argument(n, k)];
        if (s.step_of[i] >= 0 && !fixed[i]) prepared[s.step_of[i]] = false;
    }
}

}  // namespace tessera::detail
