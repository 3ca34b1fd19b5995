// own_results: a result that is nothing but memory of others gets memory of its own.
//
// Outputs, losses and taps are views that are valid until the next call, and not of constants. One that names an input
// would look into what the caller may have freed, one that names a state into what the call goes on to change, and one
// that names a parameter into what a trainer changes; each is copied into the workspace, before anything is stored. So
// is a state that another one is updated with: both are those of the call before.
//
// Cost        one copy of such a value a call; nothing where there is none.
#pragma once
#include <tessera/ir/graph.hpp>
#include <tessera/ir/index_bounds.hpp>
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/ir/operations/store.hpp>

namespace tessera::detail {

// g as `simplify` leaves it: stores stand last
constexpr graph own_results(graph g) {
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    int kept = static_cast<int>(g.nodes.size());  // nodes before the first store
    while (kept > 0 && g.nodes[at(kept - 1)].kind == op::store) --kept;
    const auto changes = [&](int slot) {
        for (std::size_t i = at(kept); i < g.nodes.size(); ++i)
            if (updates_state(g.view(), g.nodes[i]) && g.nodes[i].slot == slot) return true;
        return false;
    };
    const auto is_of_others = [&](int i) {
        while (g.nodes[at(i)].kind == op::reshape || g.nodes[at(i)].kind == op::relayout) i = g.argument(i, 0);
        const node& n = g.nodes[at(i)];
        return n.kind == op::input || n.kind == op::constant || (n.kind == op::state && changes(n.slot)) ||
               (n.kind == op::parameter && g.purpose == phase::training);
    };
    list<node> copies;
    const auto own = [&](int& i) {
        if (!is_of_others(i)) return;
        for (std::size_t k = 0; k < copies.size(); ++k)
            if (g.argument(copies[k], 0) == i) {
                i = kept + static_cast<int>(k);
                return;
            }
        node n = g.nodes[at(i)];
        n.kind = n.is_floating() ? op::pointwise : n.type == element::bit ? op::concatenate : op::integer;
        n.function = scalar_function::identity;
        n.slot = -1;
        g.set_arguments(n, {i});
        if (n.kind == op::integer)
            g.set_attributes(n, integer_attributes{integer_function::identity, number_at::none, 0});
        if (n.kind == op::concatenate) g.set_attributes(n, concatenate_attributes{0});
        i = kept + static_cast<int>(copies.size());
        copies.push_back(n);
    };
    for (std::size_t i = at(kept); i < g.nodes.size(); ++i)
        if (updates_state(g.view(), g.nodes[i])) {
            int stored = g.argument(g.nodes[i], 0);
            own(stored);
            g.argument(g.nodes[i], 0) = stored;
        }
    for (int& i : g.outputs) own(i);
    for (int& i : g.losses) own(i);
    for (tap_info& t : g.taps) own(t.id);
    g.nodes.insert(g.nodes.begin() + kept, copies.begin(), copies.end());
    return g;
}

}  // namespace tessera::detail
