// view: which values are read by a layout: where the value is that they are a part of, or as they were arranged.
//
// A slice, a permutation, an item of a loop, the windows of a line, and a reshape of one of these, is a view where all who
// read it take its layout. Then it is no step, no copy and no memory; what it is a view of lives as long as its readers
// need it. A value that the caller reads is no view, nor one that is read in a loop that it stands outside of, which would
// walk over its gaps again and again.
//
// A relayout has memory of its own in the arrangement that it says, and a step that copies. Those who do not take it read
// what it is made of; see read_row_major. One that nobody takes is another name for its operand, as a reshape is.
//
// A backend that fuses answers a question: `takes_view(graph, reader, argument, layout)`, whether a kernel reads an
// operand as it lies, and for no more than the copy would cost.
//
// Cost        none for a graph without such nodes, else linear in the number of nodes and readers.
#pragma once
#include <tessera/ir/frozen_graph.hpp>
#include <tessera/ir/layout_of.hpp>
#include <type_traits>

namespace tessera::detail {

namespace viewing {

constexpr bool may_be_view(const node& n) {
    return (n.kind == op::slice || n.kind == op::permute || n.kind == op::item || n.kind == op::unfold ||
            n.kind == op::relayout) &&
           n.is_floating();
}

template <class Backend, int Nodes, class Graph> struct search {
    static constexpr int places = std::extent_v<decltype(Graph::arguments)>;

    const Graph& g;
    const int* region;                                             // by node: the loop that it stands in
    bool* is_view;                                                 // by node, as far as it is decided
    int head[Nodes + 1] = {}, next[places] = {}, by[places] = {};  // lists of readers: places of arguments, from 1
    bool kept[Nodes + 1] = {};                                     // the caller reads it
    int root[Nodes + 1] = {};

    constexpr graph_view view() const {
        graph_view v = g.view();
        v.set_views(is_view);
        return v;
    }
    constexpr void find_readers() {
        for (int i = 0; i < Nodes; ++i)
            for (int k = 0; k < g.nodes[i].argument_count; ++k) {
                const int place = g.nodes[i].first_argument + k, a = g.arguments[place];
                by[place] = i;
                next[place] = head[a];
                head[a] = place + 1;
            }
        for (int i = 0; i < g.output_count; ++i) kept[g.outputs[i]] = true;
        for (int i = 0; i < g.loss_count; ++i) kept[g.losses[i]] = true;
        for (int i = 0; i < g.tap_count; ++i) kept[g.taps[i].id] = true;
    }
    // whether a reader, by the argument at a place, takes a value that lies so
    constexpr bool is_taken_by(int place, int i, const layout& l, int end) const {
        const int reader = by[place];
        const node& n = g.nodes[reader];
        if (reader > end || (region[reader] != region[i] && g.nodes[i].kind != op::relayout)) return false;
        if (n.kind == op::reshape) return is_taken(reader, reshaped(l, n.shape), end);
        if (n.kind == op::relayout && !is_view[reader]) return false;  // it would be a name
        if (n.kind == op::item && g.nodes[i].kind == op::relayout)
            return is_taken(reader, layout_as_view(view(), n, l), end);
        return Backend::takes_view(view(), n, place - n.first_argument, l);
    }
    // whether all readers do; those after `end` would come too late
    constexpr bool is_taken(int i, const layout& l, int end) const {
        if (kept[i] || l.axes == 0) return false;
        for (int p = head[i]; p > 0; p = next[p - 1])
            if (!is_taken_by(p - 1, i, l, end)) return false;
        return true;
    }
    // the node after which memory has something else in it: of a carry its next value
    constexpr int changes_at(int r) const {
        int end = Nodes;
        for (int p = head[r]; g.nodes[r].kind == op::carry && p > 0; p = next[p - 1])
            if (g.nodes[by[p - 1]].kind == op::next && g.arguments[g.nodes[by[p - 1]].first_argument] == r)
                end = by[p - 1];
        return end;
    }
    constexpr layout arranged(int i) const {
        const node& n = g.nodes[i];
        return g.view().template attributes<relayout_attributes>(n).arrange(n.shape, n.batched);
    }
    // relayouts first, those that read others before these: their layouts depend on no other's
    constexpr void arrange() {
        for (int i = Nodes - 1; i >= 0; --i)
            if (g.nodes[i].kind == op::relayout && may_be_view(g.nodes[i]) && head[i] > 0)
                is_view[i] = is_taken(i, arranged(i), Nodes);
    }
    constexpr void decide() {
        arrange();
        for (int i = 0; i < Nodes; ++i) {
            const node& n = g.nodes[i];
            root[i] = i;
            if (n.kind == op::relayout && is_view[i]) continue;
            const bool name = n.kind == op::reshape || n.kind == op::relayout;
            if (!name && !may_be_view(n)) continue;
            const int of = g.arguments[n.first_argument];
            // items of what is arranged are so by its own decision
            if (name || (n.kind == op::item && is_view[of])) {
                is_view[i] = is_view[of];
                root[i] = root[of];
            } else if (is_taken(i, layout_as_view(view(), n, layout_of(view(), of)), changes_at(root[of]))) {
                is_view[i] = true;
                root[i] = root[of];
            }
        }
    }
};

}  // namespace viewing

template <class Backend, int Nodes, class Graph>
constexpr void find_views(const Graph& g, const int* region, bool* is_view) {
    bool any = false;
    for (int i = 0; i < Nodes; ++i) any = any || viewing::may_be_view(g.nodes[i]);
    if (!any) return;
    viewing::search<Backend, Nodes, Graph> s{g, region, is_view};
    s.find_readers();
    s.decide();
}

}  // namespace tessera::detail
