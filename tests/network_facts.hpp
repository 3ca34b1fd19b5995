// What tests ask of a network at compile time: shapes, paths, and the mistake that a layer reports.
#pragma once
#include <string_view>
#include <tessera/network.hpp>

namespace tessera {

using namespace detail;

template <class Net> inline constexpr extents output_shape = Net::table.nodes[Net::table.outputs[0]].shape;

template <class Net> constexpr text path(int parameter) { return Net::table.path_of(Net::table.parameters[parameter]); }

// the parameters' paths are exactly these, in order
template <class Net> constexpr bool paths_are(std::initializer_list<std::string_view> wanted) {
    if (Net::table.parameter_count != static_cast<int>(wanted.size())) return false;
    for (int i = 0; i < Net::table.parameter_count; ++i)
        if (path<Net>(i).view() != wanted.begin()[i]) return false;
    return true;
}

template <class Net> constexpr extents parameter_shape(std::string_view name) {
    for (int i = 0; i < Net::table.parameter_count; ++i)
        if (path<Net>(i).view() == name) return Net::table.parameters[i].shape;
    return {-1};
}

// nodes of a kind
template <class Net, phase Purpose = phase::inference> constexpr int count_of(op kind) {
    const auto& table = Net::template graph_for<Purpose>::graph;
    int n = 0;
    for (int i = 0; i < table.node_count; ++i) n += table.nodes[i].kind == kind;
    return n;
}

// what the expression says of an input that may not fit; `expected` is empty where it fits
template <auto Expression, int... Size> constexpr fault mistake() {
    graph g;
    node n;
    n.kind = op::input;
    n.batched = true;
    n.shape = {Size...};
    invoke(Expression, add_node(g, n));
    return g.problem;
}

}  // namespace tessera
