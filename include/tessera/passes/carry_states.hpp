// carry_states: a state that is updated in the body of a loop becomes a carry of it.
//
//   loop                            carry c of the state
//     update(s, f(s, ...))    ->    loop
//   loop_end                          c' = f(c, ...)
//                                   loop_end
//                                   update(s, the last c')
//
// So each iteration sees what the one before left, and gradients pass from one to the next as those of any carry. From
// the innermost loop outwards: in a loop around, the state is carried too. In a stream there are no loops, and each
// call is an iteration.
//
// Runs in time that is linear in the number of nodes, for each loop that updates a state.
#pragma once
#include <tessera/ir/operations/scan.hpp>

namespace tessera {

namespace carrying {

constexpr bool updates_state_within(const graph& g, int begin, int end) {
    for (int i = begin; i < end; ++i)
        if (updates_state(g.nodes[static_cast<std::size_t>(i)])) return true;
    return false;
}

// the loop between two marks, rewritten; returns where it now ends
constexpr int carry_through(graph& g, int begin, int end) {
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    const std::vector<node> before = std::move(g.nodes);
    const int count = static_cast<int>(before.size()), scope_before = g.scope_now;
    const int length = before[at(begin)].list[0];
    struct carried {
        int state, carry, next;
    };
    std::vector<carried> all;
    std::vector<int> now(before.size(), -1);
    g.nodes = {};
    g.nodes.reserve(before.size() + 32);
    const auto copy = [&](int i) {
        if (now[at(i)] >= 0) return;
        node n = before[at(i)];
        n.renumber_arguments(now.data());
        now[at(i)] = g.add(n);
    };
    for (int i = 0; i < begin; ++i) copy(i);
    for (int i = begin; i < end; ++i)
        if (updates_state(before[at(i)])) {
            const int state = g.state_ids[at(before[at(i)].slot)];
            copy(state);  // may have been bound in the body
            all.push_back({now[at(state)], -1, -1});
        }
    copy(begin);
    std::size_t k = 0;
    for (int i = begin; i < end; ++i)
        if (const node& n = before[at(i)]; updates_state(n)) {
            g.scope_now = n.scope;
            const value c = loops::carry({&g, all[k].state});
            loops::stack(c, length);  // for a gradient; goes where there is none
            all[k++].carry = now[at(g.state_ids[at(n.slot)])] = c.id;
        }
    k = 0;
    for (int i = begin + 1; i < end; ++i) {
        if (!updates_state(before[at(i)])) {
            copy(i);
            continue;
        }
        g.scope_now = before[at(i)].scope;
        all[k++].next = now[at(i)] = loops::apart({&g, now[at(before[at(i)].args[0])]}).id;
    }
    for (const carried& c : all) loops::next({&g, c.carry}, {&g, c.next});
    copy(end);
    const int new_end = now[at(end)];
    k = 0;
    for (int i = begin; i < end; ++i)
        if (const node& n = before[at(i)]; updates_state(n)) {
            g.scope_now = n.scope;
            now[at(g.state_ids[at(n.slot)])] = all[k].state;
            now[at(i)] = store({&g, all[k++].next}, store_to::state, n.slot).id;
        }
    for (int i = end + 1; i < count; ++i) copy(i);
    g.renumber(now.data());
    g.scope_now = scope_before;
    return new_end;
}

}  // namespace carrying

constexpr graph carry_states(graph g) {
    if (g.failed) return g;
    bool any = false;
    for (const node& n : g.nodes) any = any || updates_state(n);
    for (int i = 0; any && i < static_cast<int>(g.nodes.size()) && !g.failed; ++i) {
        if (g.nodes[static_cast<std::size_t>(i)].kind != op::loop_end) continue;
        const int begin = loop_begin(g.nodes.data(), i);
        if (carrying::updates_state_within(g, begin, i)) i = carrying::carry_through(g, begin, i);
    }
    return g;
}

}  // namespace tessera
