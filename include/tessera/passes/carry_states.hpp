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
#include <tessera/passes/rewrite.hpp>

namespace tessera::detail {

namespace carrying {

constexpr bool updates_state_within(const graph& g, int begin, int end) {
    for (int i = begin; i < end; ++i)
        if (updates_state(g.view(), g.nodes[static_cast<std::size_t>(i)])) return true;
    return false;
}

// the loop between two marks, rewritten; returns where it now ends
constexpr int carry_through(graph& g, int begin, int end) {
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    struct carried {
        int store, state, carry, next;
    };
    list<carried> all;
    rewrite r(g, 32);
    const int length = g.attributes<loop_attributes>(r.before(begin)).length;
    const auto copy = [&](int i) {
        if (r.now(i) < 0) r.keep(i);
    };
    const auto state_of = [&](int store) { return g.state_ids[at(r.before(store).slot)]; };
    for (int i = 0; i < begin; ++i) copy(i);
    for (int i = begin; i < end; ++i)
        if (updates_state(g.view(), r.before(i))) {
            copy(state_of(i));  // may have been bound in the body
            all.push_back({i, r.now(state_of(i)), -1, -1});
        }
    copy(begin);
    for (carried& c : all) {
        g.scope_now = r.before(c.store).scope;
        const value carry = loops::carry({&g, c.state});
        loops::stack(carry, length);  // for a gradient; goes where there is none
        c.carry = carry.id;
        r.becomes(state_of(c.store), carry.id);
    }
    auto next = all.begin();
    for (int i = begin + 1; i < end; ++i) {
        if (next == all.end() || next->store != i) {
            copy(i);
            continue;
        }
        g.scope_now = r.before(i).scope;
        next->next = loops::apart(r.value_now(r.argument_before(i, 0))).id;
        r.becomes(i, next->next);
        ++next;
    }
    for (const carried& c : all) loops::next({&g, c.carry}, {&g, c.next});
    copy(end);
    const int new_end = r.now(end);
    for (const carried& c : all) {
        const node& n = r.before(c.store);
        g.scope_now = n.scope;
        r.becomes(state_of(c.store), c.state);
        r.becomes(c.store, store({&g, c.next}, store_to::state, n.slot).id);
    }
    for (int i = end + 1; i < r.count(); ++i) copy(i);
    r.finish();
    return new_end;
}

}  // namespace carrying

constexpr graph carry_states(graph g) {
    if (g.failed) return g;
    bool any = false;
    for (const node& n : g.nodes) any = any || updates_state(g.view(), n);
    for (int i = 0; any && i < static_cast<int>(g.nodes.size()) && !g.failed; ++i) {
        if (g.nodes[static_cast<std::size_t>(i)].kind != op::loop_end) continue;
        const int begin = loop_begin(g.nodes.data(), i);
        if (carrying::updates_state_within(g, begin, i)) i = carrying::carry_through(g, begin, i);
    }
    return g;
}

}  // namespace tessera::detail
