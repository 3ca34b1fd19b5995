// read_row_major: those who do not take the arrangement of a relayout read what it is made of, and so does the caller.
//
// A relayout is the value that it is made of, so none of its readers needs a copy back. What nobody reads any more is a
// number that nothing reads. After this, every relayout that is left has readers that take it.
//
// Cost        none for a graph without relayouts, else linear in the number of nodes and readers.
#pragma once
#include <tessera/passes/view.hpp>

namespace tessera::detail {

template <class Graph> constexpr bool has_relayouts(const Graph& g) {
    for (int i = 0; i < g.node_count; ++i)
        if (g.nodes[i].kind == op::relayout) return true;
    return false;
}

template <class Backend, int Nodes, class Graph> constexpr void read_row_major(Graph& g) {
    int region[Nodes + 1] = {};
    bool is_view[Nodes + 1] = {};
    find_loops(g.nodes, Nodes, region);
    viewing::search<Backend, Nodes, Graph> s{g, region, is_view};
    s.find_readers();
    const auto made_of = [&](int i) {
        while (g.nodes[i].kind == op::relayout) i = g.arguments[g.nodes[i].first_argument];
        return i;
    };
    for (int i = Nodes - 1; i >= 0; --i) {
        if (g.nodes[i].kind != op::relayout) continue;
        const layout l = s.arranged(i);
        for (int p = s.head[i]; p > 0; p = s.next[p - 1])
            if (viewing::may_be_view(g.nodes[i]) && s.is_taken_by(p - 1, i, l, Nodes))
                is_view[i] = true;
            else
                g.arguments[p - 1] = made_of(i);
    }
    for (int i = 0; i < g.output_count; ++i) g.outputs[i] = made_of(g.outputs[i]);
    for (int i = 0; i < g.loss_count; ++i) g.losses[i] = made_of(g.losses[i]);
    for (int i = 0; i < g.tap_count; ++i) g.taps[i].id = made_of(g.taps[i].id);
    for (int i = 0; i < Nodes; ++i)
        if (g.nodes[i].kind == op::relayout && !is_view[i]) g.nodes[i] = {};
}

}  // namespace tessera::detail
