// settle_widths: in a program whose own type has the width of an element, values of that element are real ones.
//
// A graph of a network says real, float32 and float64, whatever the type of the programs that it is run by. Of the two
// widths the program's own vanishes here, and casts between the two are nothing; so what is left has at most two:
// real, and the other one.
#pragma once
#include <tessera/ir/frozen_graph.hpp>
#include <tessera/ir/operations/cast.hpp>

namespace tessera::detail {

template <class Graph> constexpr bool has_widths(const Graph& g) {
    for (int i = 0; i < g.node_count; ++i)
        if (g.nodes[i].type > element::bit) return true;
    return false;
}

constexpr graph settle_widths(graph g, element own) {
    for (node& n : g.nodes)
        if (n.type == own) n.type = element::real;
    for (input_info& i : g.inputs)
        if (i.type == own) i.type = element::real;
    for (std::size_t i = 0; i < g.nodes.size(); ++i) {
        node& n = g.nodes[i];
        if (n.kind != op::cast) continue;
        const node& from = g.nodes[static_cast<std::size_t>(g.argument(static_cast<int>(i), 0))];
        if (from.type == n.type)
            n.kind = op::pointwise;
        else if (n.type == element::real && !from.is_floating())
            n.kind = op::to_real;
    }
    return g;
}

}  // namespace tessera::detail
