// join: concatenations that are no copy, since each part is made where it stands in the result.
//
// That is so where the parts stand one after another in memory, those of one sample along the leading axis, each from a
// line on, and each a value that a step makes and that is not yet anywhere. All of a concatenation's parts, or none.
//
// Cost        none for a graph without concatenations, else linear in their arguments.
#pragma once
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/passes/fuse.hpp>

namespace tessera::detail {

// what the workspace is counted in, so that an int is enough for 128 GiB
inline constexpr int line_bytes = 64;

template <int Nodes> struct joined {
    int whole[Nodes + 1] = {};  // by node: the concatenation that it is made in, counted from 1
    int line[Nodes + 1] = {};   // where it stands there
    bool has_parts[Nodes + 1] = {};

    // settled(i): the value is somewhere, or its memory is that of another
    template <class Graph, class Settled>
    static constexpr joined of(const Graph& g, const schedule<Nodes>& s, int capacity, int element_bytes,
                               Settled settled) {
        joined j;
        const graph_view view = s.read(g);
        for (int c = 0; c < Nodes; ++c) {
            const node& n = g.nodes[c];
            if (n.kind != op::concatenate || n.type == element::bit || s.step_of[c] < 0 || settled(c)) continue;
            if (n.batched && capacity > 1) continue;
            if (n.shape.product(0, view.template attributes<concatenate_attributes>(n).axis) != 1) continue;
            const int bytes = bytes_of(n.type, element_bytes);
            const auto part = [&](int k) { return s.root[view.argument(n, k)]; };
            bool good = true;
            long at = 0;
            for (int k = 0; k < n.argument_count && good; ++k) {
                const int v = part(k);
                const op kind = g.nodes[v].kind;
                good = !s.view[view.argument(n, k)] && s.step_of[v] >= 0 && !settled(v) && j.whole[v] == 0 &&
                       !j.has_parts[v] && kind != op::carry && kind != op::next && at * bytes % line_bytes == 0;
                for (int q = 0; q < k && good; ++q) good = part(q) != v;
                at += view.operand(n, k).shape.size();
            }
            if (!good) continue;
            at = 0;
            for (int k = 0; k < n.argument_count; ++k) {
                j.whole[part(k)] = c + 1;
                j.line[part(k)] = static_cast<int>(at * bytes / line_bytes);
                at += view.operand(n, k).shape.size();
            }
            j.has_parts[c] = true;
        }
        return j;
    }
};

}  // namespace tessera::detail
