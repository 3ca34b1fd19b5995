// fuse: which nodes run together, and in which order. The result is a list of steps.
//
//   - a chain of pointwise nodes over one domain is one loop;
//   - after an operation whose kernel takes a tail (a product, a convolution) it is that kernel's epilogue;
//   - before a reduction that alone needs it, it is the reduction's prologue and is never stored.
//
// A step runs where its first node stands. A node joins the step of an operand only if all its other operands are
// complete by then, so the order of steps is always a valid one. Nor does it join a step that it reads a value of under
// another name, a reshape: such an operand is read from memory, where the step has not put it yet.
#pragma once
#include <tessera/ir/frozen_graph.hpp>

namespace tessera::detail {

// what one step may hold, so that its kernel keeps everything in registers or close by
inline constexpr int max_step_members = 32, max_step_operands = 48;

struct fused_step {
    int anchor = -1;  // the node with a kernel of its own; -1 for a loop of pointwise nodes only
    int first = 0;    // its pointwise members, in the list of members: those before the anchor, then those after it
    int before = 0, after = 0;

    constexpr int count() const { return before + after; }
};

// A backend answers three questions: `fuses`, whether it runs several pointwise nodes as one loop;
// `takes_tail(node, arguments)` and `takes_prologue(node, arguments)`, whether the kernel of an operation applies
// pointwise code to its results, or computes its input by it.
template <int Nodes> struct schedule {
    int step_count = 0;
    fused_step steps[Nodes + 1];
    int members[Nodes + 1] = {};
    int step_of[Nodes + 1] = {};  // of each node, -1 for sources and other names of memory
    bool stored[Nodes + 1] = {};  // the value is needed outside its step
    int root[Nodes + 1] = {};     // the node whose memory this one names: itself, but for reshape
};

namespace fusion {

// the reduction that alone consumes pointwise node i, directly or through others like it; -1 if there is none
template <class Backend, class Graph>
constexpr void find_prologues(const Graph& g, const int* region, int* uses, int* sink) {
    const int n = g.node_count;
    const graph_view view = g.view();
    std::vector<int> load(static_cast<std::size_t>(n) + 1, 0);
    for (int i = 0; i < n; ++i) {
        uses[i] = 0;
        sink[i] = -1;
    }
    for (int i = 0; i < n; ++i) {
        const int* const arguments = view.arguments_of(g.nodes[i]);
        for (int k = 0; k < g.nodes[i].argument_count; ++k) ++uses[arguments[k]];
    }
    for (int i = 0; i < g.output_count; ++i) uses[g.outputs[i]] += 2;
    for (int i = 0; i < g.loss_count; ++i) uses[g.losses[i]] += 2;
    for (int i = 0; i < g.tap_count; ++i) uses[g.taps[i].id] += 2;
    for (int i = n - 1; i >= 0; --i) {
        const node& u = g.nodes[i];
        const bool reduces = (u.kind == op::sum || u.kind == op::maximum) && Backend::takes_prologue(view, u);
        if (!reduces && !(u.kind == op::pointwise && sink[i] >= 0)) continue;
        const int* const arguments = view.arguments + u.first_argument;
        for (int k = 0; k < u.argument_count; ++k) {
            const int a = arguments[k];
            const node& p = g.nodes[a];
            const bool same_domain = reduces || (p.shape == u.shape && p.batched == u.batched);
            int& held = load[static_cast<std::size_t>(reduces ? i : sink[i])];
            if (p.kind != op::pointwise || uses[a] != 1 || !same_domain || region[a] != region[i]) continue;
            if (held >= max_step_members / 2) continue;
            sink[a] = reduces ? i : sink[i];
            ++held;
        }
    }
}

// Pointwise nodes whose one consumer is a pointwise node of the same domain. They wait for it: what a gradient needs
// only later is computed there from values that are kept anyway, instead of being kept as well.
template <int Nodes, class Graph>
constexpr void find_waiting(const Graph& g, const int* region, const int* uses, const int* sink, bool* waits) {
    const graph_view view = g.view();
    int weight[Nodes + 1] = {};  // of the tree that waits
    for (int i = 0; i < Nodes; ++i) weight[i] = 1;
    for (int i = 0; i < Nodes; ++i) {
        const node& c = g.nodes[i];
        if (c.kind != op::pointwise || sink[i] >= 0) continue;
        const int* const arguments = view.arguments + c.first_argument;
        for (int k = 0; k < c.argument_count; ++k) {
            const int a = arguments[k];
            const node& p = g.nodes[a];
            if (p.kind != op::pointwise || uses[a] != 1 || sink[a] >= 0 || waits[a] || region[a] != region[i]) continue;
            if (!(p.shape == c.shape) || p.batched != c.batched) continue;
            if (weight[i] + weight[a] > max_step_members / 2) continue;
            waits[a] = true;
            weight[i] += weight[a];
        }
    }
}

}  // namespace fusion

template <class Backend, int Nodes, class Graph> constexpr schedule<Nodes> fuse(const Graph& g) {
    const graph_view view = g.view();
    schedule<Nodes> s;
    int uses[Nodes + 1] = {}, sink[Nodes + 1] = {}, member_of[Nodes + 1] = {};
    int members_in[Nodes + 1] = {}, operands_in[Nodes + 1] = {}, latest_of[Nodes + 1] = {};
    int renamed_of[Nodes + 1] = {};  // the last step that a node, or what waits for it, reads a value of by reshape
    bool waits[Nodes + 1] = {}, prologue[Nodes + 1] = {};
    int region[Nodes + 1] = {}, region_of[Nodes + 1] = {};  // of a node, of a step
    find_loops(g.nodes, Nodes, region);
    for (int i = 0; i < Nodes; ++i) {
        s.step_of[i] = sink[i] = latest_of[i] = renamed_of[i] = -1;
        s.root[i] = g.nodes[i].kind == op::reshape ? s.root[view.argument(g.nodes[i], 0)] : i;
    }
    if (Backend::fuses) {
        fusion::find_prologues<Backend>(g, region, uses, sink);
        fusion::find_waiting<Nodes>(g, region, uses, sink, waits);
    }
    const auto open = [&](int anchor, int from) {
        s.steps[s.step_count].anchor = anchor;
        operands_in[s.step_count] = anchor >= 0 ? g.nodes[anchor].argument_count : 0;
        region_of[s.step_count] = region[from];
        return s.step_count++;
    };
    // the domain of a step, and whether it has room
    const auto takes_members = [&](int number, const node& n, int members, int operands) {
        const fused_step& t = s.steps[number];
        if (members_in[number] + members > max_step_members || operands_in[number] + operands > max_step_operands)
            return false;
        const node& domain = g.nodes[t.anchor >= 0 ? t.anchor : member_of[number]];
        if (!(domain.shape == n.shape) || domain.batched != n.batched) return false;
        if (t.anchor < 0) return true;
        return !prologue[number] && Backend::takes_tail(view, domain);
    };
    int weight[Nodes + 1] = {}, load[Nodes + 1] = {};  // members and operands of what waits for a node, itself included
    for (int i = 0; i < Nodes; ++i) {
        const node& n = g.nodes[i];
        if (is_source(n.kind) || n.kind == op::reshape) continue;
        int& latest = latest_of[i];  // the last step that an operand comes from
        weight[i] = 1;
        load[i] = n.argument_count;
        const int* const arguments = view.arguments + n.first_argument;
        for (int k = 0; k < n.argument_count; ++k) {
            const int a = s.root[arguments[k]];
            const int at = s.step_of[a] >= 0 ? s.step_of[a] : latest_of[a];
            if (at > latest) latest = at;
            if (arguments[k] != a && at > renamed_of[i]) renamed_of[i] = at;
            if (waits[a]) {
                if (renamed_of[a] > renamed_of[i]) renamed_of[i] = renamed_of[a];
                weight[i] += weight[a];
                load[i] += load[a];
            }
        }
        if (sink[i] >= 0 || waits[i]) continue;  // placed with its consumer, below
        if (n.kind != op::pointwise) {
            s.step_of[i] = open(i, i);
            prologue[s.step_of[i]] = n.argument_count > 0 && sink[arguments[0]] == i;
            continue;
        }
        int at = latest;
        if (!(Backend::fuses && at >= 0 && region_of[at] == region[i] && renamed_of[i] != at &&
              takes_members(at, n, weight[i], load[i]))) {
            at = open(-1, i);
            member_of[at] = i;
        }
        s.step_of[i] = at;
        members_in[at] += weight[i];
        operands_in[at] += load[i];
    }
    // consumers stand after what waits for them
    for (int i = Nodes - 1; i >= 0; --i) {
        const int* const arguments = view.arguments_of(g.nodes[i]);
        for (int k = 0; k < g.nodes[i].argument_count; ++k) {
            const int a = arguments[k];
            if (waits[a]) s.step_of[a] = s.step_of[i];
            if (sink[a] >= 0) s.step_of[a] = s.step_of[sink[a]];
        }
    }
    // the lists of members, by counting
    for (int i = 0; i < Nodes; ++i)
        if (s.step_of[i] >= 0 && g.nodes[i].kind == op::pointwise) {
            fused_step& t = s.steps[s.step_of[i]];
            ++(sink[i] >= 0 ? t.before : t.after);
        }
    for (int k = 0, at = 0; k < s.step_count; ++k) {
        fused_step& t = s.steps[k];
        t.first = at;
        at += t.count();
        t.before = t.after = 0;
    }
    for (int i = 0; i < Nodes; ++i)
        if (s.step_of[i] >= 0 && g.nodes[i].kind == op::pointwise && sink[i] >= 0) {
            fused_step& t = s.steps[s.step_of[i]];
            s.members[t.first + t.before++] = i;
        }
    for (int i = 0; i < Nodes; ++i)
        if (s.step_of[i] >= 0 && g.nodes[i].kind == op::pointwise && sink[i] < 0) {
            fused_step& t = s.steps[s.step_of[i]];
            s.members[t.first + t.before + t.after++] = i;
        }
    // what is needed outside the step that makes it
    for (int i = 0; i < Nodes; ++i) {
        const node& n = g.nodes[i];
        const int* const arguments = view.arguments + n.first_argument;
        for (int k = 0; k < n.argument_count; ++k) {
            const int a = s.root[arguments[k]];
            if (n.kind != op::reshape && (s.step_of[a] != s.step_of[i] || a != arguments[k])) s.stored[a] = true;
        }
    }
    for (int i = 0; i < Nodes; ++i) s.stored[i] = s.stored[i] || g.nodes[i].kind == op::carry;
    for (int i = 0; i < g.output_count; ++i) s.stored[s.root[g.outputs[i]]] = true;
    for (int i = 0; i < g.loss_count; ++i) s.stored[s.root[g.losses[i]]] = true;
    for (int i = 0; i < g.tap_count; ++i) s.stored[s.root[g.taps[i].id]] = true;
    return s;
}

}  // namespace tessera::detail
