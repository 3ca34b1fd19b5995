// fuse: which nodes run together, and in which order. The result is a list of steps.
//
//   - a chain of pointwise nodes over one domain is one loop;
//   - behind an operation whose kernel takes a tail (a product, a convolution) it is that kernel's epilogue;
//   - ahead of a reduction that alone needs it, it is the reduction's prologue and is never stored.
//
// A step runs where its first node stands. A node joins the step of an operand only if all its other operands are
// complete by then, so the order of steps is always a valid one.
#pragma once
#include <tessera/ir/frozen_graph.hpp>

namespace tessera {

// what one step may hold, so that its kernel keeps everything in registers or close by
inline constexpr int max_step_members = 32, max_step_operands = 48;

struct step {
    int anchor = -1;      // the node with a kernel of its own; -1 for a loop of pointwise nodes only
    int first = 0;        // its pointwise members, in the list of members
    int count = 0;
    bool prologue = false;   // members run ahead of the anchor, not behind it
};

// A backend answers three questions: `fuses`, whether it runs several pointwise nodes as one loop;
// `takes_tail(node, arguments)` and `takes_prologue(node, arguments)`, whether the kernel of an operation applies
// pointwise code to its results, or computes its input by it.
template <int Nodes>
struct schedule {
    int step_count = 0;
    step steps[Nodes + 1];
    int members[Nodes + 1] = {};
    int step_of[Nodes + 1] = {};      // of each node, -1 for sources and other names of memory
    bool stored[Nodes + 1] = {};      // the value is needed outside its step
    int root[Nodes + 1] = {};         // the node whose memory this one names: itself, but for reshape
    bool elided[Nodes + 1] = {};      // a store whose producer writes to the target
};

namespace fusion {

constexpr bool is_immediate(op k) { return k == op::constant || k == op::inverse_count; }

// the reduction that alone consumes pointwise node i, directly or through others like it; -1 if there is none
template <class Backend, class Graph>
constexpr void find_prologues(const Graph& g, int* uses, int* sink) {
    const int n = g.node_count;
    std::vector<int> load(static_cast<std::size_t>(n) + 1, 0);
    for (int i = 0; i < n; ++i) {
        uses[i] = 0;
        sink[i] = -1;
    }
    for (int i = 0; i < n; ++i)
        for (int k = 0; k < max_arguments && g.nodes[i].args[k] >= 0; ++k) ++uses[g.nodes[i].args[k]];
    for (int i = 0; i < g.output_count; ++i) uses[g.outputs[i]] += 2;
    for (int i = 0; i < g.loss_count; ++i) uses[g.losses[i]] += 2;
    for (int i = 0; i < g.tap_count; ++i) uses[g.taps[i].id] += 2;
    for (int i = n - 1; i >= 0; --i) {
        const node& u = g.nodes[i];
        const node* const arg[max_arguments] = {u.args[0] >= 0 ? &g.nodes[u.args[0]] : nullptr};
        const bool reduces = (u.kind == op::sum || u.kind == op::maximum) && Backend::takes_prologue(u, arg);
        if (!reduces && !(u.kind == op::pointwise && sink[i] >= 0)) continue;
        for (int k = 0; k < max_arguments && u.args[k] >= 0; ++k) {
            const int a = u.args[k];
            const node& p = g.nodes[a];
            const bool same_domain = reduces || (p.shape == u.shape && p.batched == u.batched);
            int& held = load[static_cast<std::size_t>(reduces ? i : sink[i])];
            if (p.kind != op::pointwise || uses[a] != 1 || !same_domain || held >= max_step_members / 2) continue;
            sink[a] = reduces ? i : sink[i];
            ++held;
        }
    }
}

}  // namespace fusion

template <class Backend, int Nodes, class Graph>
constexpr schedule<Nodes> fuse(const Graph& g) {
    schedule<Nodes> s;
    int uses[Nodes + 1] = {}, sink[Nodes + 1] = {}, member_of[Nodes + 1] = {}, of_reduction[Nodes + 1] = {};
    int members_in[Nodes + 1] = {}, operands_in[Nodes + 1] = {};
    if (Backend::fuses)
        fusion::find_prologues<Backend>(g, uses, sink);
    else
        for (int i = 0; i < Nodes; ++i) sink[i] = -1;
    for (int i = 0; i < Nodes; ++i) {
        s.step_of[i] = -1;
        s.root[i] = i;
        of_reduction[i] = -1;
    }
    const auto open = [&](int anchor) {
        s.steps[s.step_count].anchor = anchor;
        return s.step_count++;
    };
    const auto takes_members = [&](int step_number, const node& n) {
        const int a = s.steps[step_number].anchor;
        if (members_in[step_number] >= max_step_members ||
            operands_in[step_number] + n.argument_count() > max_step_operands - max_arguments)
            return false;
        const node& domain = g.nodes[a >= 0 ? a : member_of[step_number]];
        if (!(domain.shape == n.shape) || domain.batched != n.batched) return false;
        if (a < 0) return true;
        const node* arg[max_arguments] = {};
        for (int k = 0; k < domain.argument_count(); ++k) arg[k] = &g.nodes[domain.args[k]];
        return Backend::takes_tail(domain, arg);
    };
    // a prologue's members need a step before their reduction has one; it is opened by the first of them
    for (int i = 0; i < Nodes; ++i) {
        const node& n = g.nodes[i];
        if (is_source(n.kind)) continue;
        if (n.kind == op::reshape) {
            s.root[i] = s.root[n.args[0]];
            continue;
        }
        int latest = -1;
        for (int k = 0; k < max_arguments && n.args[k] >= 0; ++k) {
            const int at = s.step_of[s.root[n.args[k]]];
            if (at > latest) latest = at;
        }
        if (n.kind == op::pointwise && sink[i] >= 0) {
            of_reduction[i] = sink[i];   // placed when its reduction is
        } else if (n.kind == op::pointwise) {
            if (!(Backend::fuses && latest >= 0 && takes_members(latest, n))) {
                latest = open(-1);
                member_of[latest] = i;
            }
            s.step_of[i] = latest;
            ++members_in[latest];
            operands_in[latest] += n.argument_count();
        } else {
            s.step_of[i] = open(i);
        }
    }
    // members of prologues join the step of their reduction
    for (int i = 0; i < Nodes; ++i)
        if (of_reduction[i] >= 0) {
            s.step_of[i] = s.step_of[of_reduction[i]];
            s.steps[s.step_of[i]].prologue = true;
        }
    // the lists of members, by counting
    for (int i = 0; i < Nodes; ++i)
        if (s.step_of[i] >= 0 && g.nodes[i].kind == op::pointwise) ++s.steps[s.step_of[i]].count;
    for (int k = 0, at = 0; k < s.step_count; ++k) {
        s.steps[k].first = at;
        at += s.steps[k].count;
        s.steps[k].count = 0;
    }
    for (int i = 0; i < Nodes; ++i)
        if (s.step_of[i] >= 0 && g.nodes[i].kind == op::pointwise) {
            step& t = s.steps[s.step_of[i]];
            s.members[t.first + t.count++] = i;
        }
    // what is needed outside the step that makes it
    for (int i = 0; i < Nodes; ++i) {
        const node& n = g.nodes[i];
        for (int k = 0; k < max_arguments && n.args[k] >= 0; ++k) {
            const int a = s.root[n.args[k]];
            if (n.kind != op::reshape && (s.step_of[a] != s.step_of[i] || a != n.args[k])) s.stored[a] = true;
        }
    }
    for (int i = 0; i < g.output_count; ++i) s.stored[s.root[g.outputs[i]]] = true;
    for (int i = 0; i < g.loss_count; ++i) s.stored[s.root[g.losses[i]]] = true;
    for (int i = 0; i < g.tap_count; ++i) s.stored[s.root[g.taps[i].id]] = true;
    return s;
}

}  // namespace tessera
