// hoist: what is computed from parameters and states alone moves before the product that it is applied to.
//
// A layer writes its scale after the convolution whose result it scales. Fusing takes a pointwise node into the
// epilogue of an operation only if its other operands are complete by then; so they are made first. Nothing moves
// further than it must: values that wait take memory. Nothing moves into a loop, or out of one: code is not fused
// across its marks, and what runs once would run as often as the loop does.
//
// Runs in time that is linear in the number of nodes.
#pragma once
#include <tessera/passes/fixed_values.hpp>

namespace tessera::detail {

namespace hoisting {

// by node: the last node, of those that fusing may put pointwise code after, that its value comes from through
// pointwise nodes; -1 if there is none. Sources are complete from the start.
constexpr void find_anchors(const graph_view& g, int count, int* anchor) {
    for (int i = 0; i < count; ++i) {
        const node& n = g[i];
        anchor[i] = -1;
        if (is_source(n.kind)) continue;
        if (!is_pointwise(n)) {
            anchor[i] = i;
            continue;
        }
        const int* const arguments = g.arguments + n.first_argument;
        for (int k = 0; k < n.argument_count; ++k)
            if (anchor[arguments[k]] > anchor[i]) anchor[i] = anchor[arguments[k]];
    }
}

}  // namespace hoisting

constexpr graph hoist(graph g) {
    const int count = static_cast<int>(g.nodes.size());
    const auto size = static_cast<std::size_t>(count);
    node* const nodes = g.nodes.data();
    const list<char> fixed_list = find_fixed_values(g);
    list<int> anchor_list(size, -1), ahead_list(size, -1);
    const char* const fixed = fixed_list.data();
    int *const anchor = anchor_list.data(), *const ahead = ahead_list.data();  // ahead: of which node it is to stand
    list<int> loop_list(size, -1);
    int* const loop = loop_list.data();
    bool moves = false;
    const graph_view view = g.view();
    hoisting::find_anchors(view, count, anchor);
    find_loops(nodes, count, loop);
    // consumers come last, so a value learns where it is needed before its operands do
    for (int i = count - 1; i >= 0; --i) {
        const node& n = nodes[i];
        const bool moved = ahead[i] >= 0;
        if (!moved && (!is_pointwise(n) || fixed[i] != 0 || anchor[i] < 0 || loop[anchor[i]] != loop[i])) continue;
        const int before = moved ? ahead[i] : anchor[i];
        const int* const arguments = view.arguments + n.first_argument;
        for (int k = 0; k < n.argument_count; ++k) {
            const int a = arguments[k];
            if (a < before || fixed[a] == 0 || (!moved && is_source(nodes[a].kind))) continue;
            if (ahead[a] < 0 || before < ahead[a]) ahead[a] = before;
            moves = true;
        }
    }
    if (!moves) return g;

    list<int> first_list(size, -1), next_list(size, -1), now_list(size, -1);
    int *const first = first_list.data(), *const next = next_list.data(), *const now = now_list.data();
    for (int i = count - 1; i >= 0; --i) {
        if (ahead[i] < 0) continue;
        next[i] = first[ahead[i]];
        first[ahead[i]] = i;
    }
    list<node> moved;
    moved.reserve(size);
    const auto place = [&](int i) {
        now[i] = static_cast<int>(moved.size());
        moved.push_back(nodes[i]);
    };
    for (int i = 0; i < count; ++i) {
        for (int k = first[i]; k >= 0; k = next[k]) place(k);
        if (ahead[i] < 0) place(i);
    }
    for (const node& n : moved) g.renumber_arguments(n, now);
    g.renumber(now);
    g.nodes = std::move(moved);
    return g;
}

}  // namespace tessera::detail
