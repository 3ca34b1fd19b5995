// Taps: the values that named<> marked, and which of them a program keeps.
//
// Errors  compile time, as for a network: a name that nothing has; indices; a value inside a loop, of which there is one
//         for each element of the sequence.
#pragma once
#include <tessera/ir/frozen_graph.hpp>

namespace tessera::detail {

// The number of the tap at a path, of the first `count`, -1 if there is none; the last where a shared scope was entered
// again.
template <class Graph> constexpr int find_tap(const Graph& g, int count, std::string_view path) {
    for (int i = count - 1; i >= 0; --i)
        if (g.path_of(g.taps[static_cast<std::size_t>(i)].scope).view() == path) return i;
    return -1;
}

// the number of the output that named<name> made, -1 if there is none
template <class Frozen> constexpr int output_called(const Frozen& g, std::string_view name) {
    for (int i = 0; i < g.output_count; ++i)
        for (int k = 0; k < g.tap_count; ++k)
            if (g.taps[k].id == g.outputs[i] && g.path_of(g.taps[k].scope).view() == name) return i;
    return -1;
}

namespace tapping {

// adds the tap at a path to those that are kept
constexpr void keep(graph& g, std::string_view path, list<tap_info>& kept) {
    const int found = find_tap(g, static_cast<int>(g.taps.size()), path);
    if (found < 0) {
        text names;
        for (const tap_info& t : g.taps) names.add_item(g.path_of(t.scope).view());
        g.fail({text(path), g.layer, text("a value of that name to tap"),
                names.empty() ? text("no named value") : names, text("named<> gives a name")});
        return;
    }
    const tap_info tap = g.taps[static_cast<std::size_t>(found)];
    const node& tapped = g.nodes[static_cast<std::size_t>(tap.id)];
    if (tapped.type != element::real)
        g.fail({text(path),
                g.scopes[static_cast<std::size_t>(tap.scope)].layer,
                text("a value of real numbers to tap"),
                text("indices"),
                {}});
    // what a loop collects stands in it, and is whole after it
    const bool collected = tapped.kind == op::stack;
    if (loop_depth(g.nodes.data(), tap.id) > collected)
        g.fail({text(path), g.scopes[static_cast<std::size_t>(tap.scope)].layer, text("a value outside loops"),
                text("one inside a scan"), text("return it from the scan's body")});
    kept.push_back(tap);
}

}  // namespace tapping

// leaves the taps at the given paths, in their order
template <fixed_text... Path> constexpr void keep_taps(graph& g) {
    if (g.failed) return;
    list<tap_info> kept;
    (tapping::keep(g, Path.view(), kept), ...);
    g.taps = kept;
}

}  // namespace tessera::detail
