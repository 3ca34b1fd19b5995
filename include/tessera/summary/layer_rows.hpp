// layer_rows: the applications of layers in a traced graph, in order of execution, with what each has of its own.
//
//   path, layer   "stage1.0" and "conv<64, 3>"; the network itself, where it made values, is called "network"
//   depth         applications around it that have a row
//   output        the last value made inside; rank -1 where nothing was made (dropout of a network that is not trained)
//   parameters, macs, bytes
//                 its own, without those of the layers inside, so that a column adds up; bytes are those of the output
//                 of one sample
//
// An application of tied<...> has one row, however often it runs; its multiply-adds are those of all runs. A loop's
// body counts once for each item.
#pragma once
#include <string>
#include <tessera/ir/graph.hpp>
#include <tessera/ir/loop_runs.hpp>
#include <tessera/ir/operations.hpp>
#include <vector>

namespace tessera::detail {

struct layer_row {
    std::string path, layer;
    int depth = 0;
    extents output;
    long parameters = 0;
    double macs = 0;
    long bytes = 0;
};

// nodes that say where things go and have no value of their own
constexpr bool is_mark(detail::op k) {
    return k == detail::op::store || k == detail::op::loop || k == detail::op::next || k == detail::op::loop_end;
}

// the multiply-adds of one node
template <class Graph> double macs_of(const Graph& g, const detail::node& n) {
    double macs = 0;
    with_operation(n.kind, [&](auto operation) { macs = operation.macs(g.view(), n); });
    return macs;
}

// element_bytes: of a real number
template <class Graph> std::vector<layer_row> layer_rows(const Graph& g, long element_bytes) {
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    std::vector<layer_row> own(g.scopes.size());
    std::vector<char> shown(g.scopes.size());
    for (layer_row& r : own) r.output.rank = -1;
    for (std::size_t s = 0; s < own.size(); ++s) shown[s] = !g.scopes[s].layer.empty();
    detail::loop_runs runs;
    for (const detail::node& n : g.nodes) {
        runs.pass(g.view(), n);
        if (n.kind == detail::op::input) continue;
        shown[at(n.scope)] = true;
        own[at(n.scope)].macs += macs_of(g, n) * runs.now();
        if (is_source(n.kind) || is_mark(n.kind)) continue;
        for (int s = n.scope; s >= 0; s = g.scopes[at(s)].parent) {
            own[at(s)].output = n.shape;
            own[at(s)].bytes = detail::stored_size(n) * detail::bytes_of(n.type, static_cast<int>(element_bytes));
        }
    }
    for (const detail::variable_info& v : g.parameters) own[at(v.scope)].parameters += v.shape.size();

    std::vector<layer_row> rows;
    for (std::size_t s = 0; s < own.size(); ++s) {
        if (!shown[s]) continue;
        layer_row& r = own[s];
        r.path = s == 0 ? "network" : std::string(g.path_of(static_cast<int>(s)).view());
        r.layer = g.scopes[s].layer.view();
        for (int above = g.scopes[s].parent; above >= 0; above = g.scopes[at(above)].parent)
            r.depth += shown[at(above)];
        rows.push_back(std::move(r));
    }
    return rows;
}

}  // namespace tessera::detail
