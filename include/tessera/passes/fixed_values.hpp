// Which values depend on parameters, states and numbers alone, and so are the same for every call: true by node.
//
// A state that the graph stores to changes; what a loop carries and its items, random numbers and what counts the samples
// do too. Which of the rest are wanted depends on who asks:
//
//   find_fixed_values(g)       real numbers outside of loops
//   find_foldable_values(g)    those in loops too, for they are the same in each iteration; and whole numbers that none
//                              but fixed values read, for no parameter holds them
#pragma once
#include <tessera/ir/operations/store.hpp>

namespace tessera::detail {

constexpr list<char> find_fixed_values(const graph& g, bool foldable = false) {
    const int count = static_cast<int>(g.nodes.size());
    const node* const nodes = g.nodes.data();
    const graph_view view = g.view();
    list<char> changes(g.states.size() + 1, 0), fixed_list(g.nodes.size(), 0);
    for (int i = 0; i < count; ++i)
        if (nodes[i].kind == op::store && updates_state(view, nodes[i]))
            changes[static_cast<std::size_t>(nodes[i].slot)] = 1;
    char* const fixed = fixed_list.data();
    constexpr char unknown = 0, makes_whole = 1;
    for (int i = 0; i < count; ++i)
        if (nodes[i].kind == op::result && (!nodes[i].is_real() || !view.operand(nodes[i], 0).is_real()))
            fixed[view.argument(nodes[i], 0)] = makes_whole;
    for (int i = 0, depth = 0; i < count; ++i) {
        const node& n = nodes[i];
        depth += (n.kind == op::loop) - (n.kind == op::loop_end);
        if (is_source(n.kind))
            fixed[i] = n.kind == op::parameter || n.kind == op::constant ||
                       (n.kind == op::state && changes[static_cast<std::size_t>(n.slot)] == 0);
        else
            fixed[i] =
                fixed[i] == unknown && !n.batched && facts_of(n.kind).pure && (foldable || (depth == 0 && n.is_real()));
        const int* const arguments = view.arguments + n.first_argument;
        for (int k = 0; k < n.argument_count && fixed[i] != 0; ++k) fixed[i] = fixed[arguments[k]];
    }
    return fixed_list;
}

constexpr list<char> find_foldable_values(const graph& g) {
    list<char> fixed = find_fixed_values(g, true), read(g.nodes.size(), 0);
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    for (int o : g.outputs) read[at(o)] = 1;
    for (int i = static_cast<int>(g.nodes.size()) - 1; i >= 0; --i) {
        const node& n = g.nodes[at(i)];
        if (read[at(i)] != 0 && !n.is_real() && n.kind != op::constant) fixed[at(i)] = 0;
        for (int k = 0; k < n.argument_count && fixed[at(i)] == 0; ++k) read[at(g.argument(i, k))] = 1;
    }
    return fixed;
}

}  // namespace tessera::detail
