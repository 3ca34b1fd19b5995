// fuse: which nodes run together, and in which order. The result is a list of steps.
//
//   - a chain of pointwise nodes over one domain is one loop;
//   - after an operation whose kernel takes a tail (a product, a convolution) it is that kernel's epilogue;
//   - before a reduction that alone needs it, it is the reduction's prologue and is never stored;
//   - before a product or a convolution it is the prologue of the first operand, where that pays.
//
// A step runs where its first node stands. A node joins the step of an operand only if all its other operands are
// complete by then, so the order of steps is always a valid one. Nor does it join a step that it reads a value of under
// another name, a reshape or a view, or a further result: such an operand is read from memory, where the step has not
// put it yet.
#pragma once
#include <tessera/passes/view.hpp>

namespace tessera::detail {

// what one step may hold, so that its kernel keeps everything in registers or close by
inline constexpr int max_step_members = 32, max_step_operands = 48;

struct fused_step {
    int anchor = -1;  // the node with a kernel of its own; -1 for a loop of pointwise nodes only
    int first = 0;    // its pointwise members, in the list of members: those before the anchor, then those after it
    int before = 0, after = 0;

    constexpr int count() const { return before + after; }
};

// A backend answers four questions: `fuses`, whether it runs several pointwise nodes as one loop;
// `takes_tail(graph, node)` and `takes_prologue(graph, node)`, whether the kernel of an operation applies pointwise code to
// its results, or computes its first operand by it, each element once or hardly more often; `hands_over(kind)`, whether
// the kernel of an operation needs no memory for results that pointwise code alone reads.
template <int Nodes> struct schedule {
    int step_count = 0;
    fused_step steps[Nodes + 1];
    int members[Nodes + 1] = {};
    int step_of[Nodes + 1] =
        {};  // of each node, -1 for sources and other names of memory; a result is made with the first
    bool stored[Nodes + 1] = {};  // the value is needed outside its step
    int root[Nodes + 1] = {};     // the node whose memory this one names: itself, but for reshapes and views
    bool view[Nodes + 1] = {};    // it is read by a layout: a part of that memory, or it in another order

    // the graph, with these views
    template <class Graph> constexpr graph_view read(const Graph& g) const {
        graph_view v = g.view();
        v.set_views(view);
        return v;
    }
};

namespace fusion {

// whose kernel may compute its first operand: by a rule of its own, where it would be copied or packed
constexpr bool reduces(const node& n) { return n.kind == op::sum || n.kind == op::maximum; }
constexpr bool copies(const node& n) {
    return n.kind == op::einsum || n.kind == op::convolution || n.kind == op::convolution_backward_data ||
           n.kind == op::convolution_backward_filter;
}

// how many nodes read each value, itself or by another name; what outlives the call has readers more
template <class Graph> constexpr void count_uses(const Graph& g, int* uses) {
    const graph_view view = g.view();
    for (int i = 0; i < g.node_count; ++i) {
        const int* const arguments = view.arguments_of(g.nodes[i]);
        for (int k = 0; k < g.nodes[i].argument_count; ++k) ++uses[arguments[k]];
    }
    for (int i = 0; i < g.output_count; ++i) uses[g.outputs[i]] += 2;
    for (int i = 0; i < g.loss_count; ++i) uses[g.losses[i]] += 2;
    for (int i = 0; i < g.tap_count; ++i) uses[g.taps[i].id] += 2;
}

// The anchor, none after node `last`, of whose first operand pointwise node i is a part that nothing else reads; -1 if
// there is none. All pointwise nodes in front of the operand that have its domain, stand in its loop and are read by such
// alone belong to it.
template <int Nodes, class Graph>
constexpr void gather_prologues(const Graph& g, const int* region, const int* uses, int* sink, int last = Nodes - 1) {
    const graph_view view = g.view();
    int claimed[Nodes + 1] = {}, by[Nodes + 1] = {};  // by how many readers that are part of which anchor's operand
    int members[Nodes + 1] = {}, operands[Nodes + 1] = {};  // of an anchor
    // inside: how many of the operands so far it is
    const auto take = [&](int a, int anchor, int inside) {
        const int count = g.nodes[a].argument_count - inside;
        if (members[anchor] == max_step_members || operands[anchor] + count > max_step_operands) return;
        ++members[anchor];
        operands[anchor] += count;
        sink[a] = anchor;
    };
    for (int i = last; i >= 0; --i) {
        const node& u = g.nodes[i];
        const int* const arguments = view.arguments_of(u);
        if (reduces(u) || copies(u)) {
            int a = arguments[0];
            while (g.nodes[a].kind == op::reshape && uses[a] == 1) a = view.argument(g.nodes[a], 0);
            if (is_pointwise(g.nodes[a]) && uses[a] == 1 && region[a] == region[i]) take(a, i, 0);
        }
        if (sink[i] < 0) continue;
        for (int k = 0; k < u.argument_count; ++k) {
            const int a = arguments[k];
            const node& p = g.nodes[a];
            if (!is_pointwise(p) || !(p.shape == u.shape) || p.batched != u.batched || region[a] != region[i]) continue;
            claimed[a] = by[a] == sink[i] ? claimed[a] + 1 : 1;
            by[a] = sink[i];
            if (claimed[a] == uses[a]) take(a, by[a], uses[a]);
        }
    }
}

// Where a kernel copies its operand, computing it there is worth while if it reads no more than the operand is, and none
// of it that nobody else needs and that is as large: the operand is computed where that is made, or written in its place.
template <class Backend, int Nodes, class Graph>
constexpr void drop_prologues(const Graph& g, const graph_view& view, const int* uses, int* sink) {
    long makes[Nodes + 1] = {}, reads[Nodes + 1] = {};  // by anchor, bytes
    bool is_of_batch[Nodes + 1] = {}, dropped[Nodes + 1] = {}, any = false;
    int seen[Nodes + 1] = {}, seen_by[Nodes + 1] = {};  // by operand
    const auto bytes = [](const node& n) { return static_cast<long>(n.shape.size()) * bytes_of(n.type, 4); };
    for (int i = Nodes - 1; i >= 0; --i) {
        const int anchor = sink[i];
        if (anchor < 0 || reduces(g.nodes[anchor])) continue;
        const node& u = g.nodes[i];
        if (makes[anchor] == 0) {
            makes[anchor] = bytes(u);
            is_of_batch[anchor] = u.batched;
            any = true;
        }
        const int* const arguments = view.arguments_of(u);
        for (int k = 0; k < u.argument_count; ++k) {
            const int a = arguments[k];
            const node& p = g.nodes[a];
            if (sink[a] == anchor || is_number(p) || p.batched != is_of_batch[anchor]) continue;
            if (seen_by[a] != anchor) {
                reads[anchor] += bytes(p);
                seen[a] = 0;
                seen_by[a] = anchor;
            }
            if (++seen[a] != uses[a] || bytes(p) != makes[anchor]) continue;
            int of = a;  // whose memory it is
            while (g.nodes[of].kind == op::reshape && uses[view.argument(g.nodes[of], 0)] == 1)
                of = view.argument(g.nodes[of], 0);
            dropped[anchor] = dropped[anchor] || !(g.nodes[of].kind == op::reshape || is_source(g.nodes[of].kind));
        }
    }
    if (!any) return;
    for (int i = 0; i < Nodes; ++i)
        if (makes[i] > 0 && !dropped[i]) dropped[i] = reads[i] > makes[i] || !Backend::takes_prologue(view, g.nodes[i]);
    for (int i = 0; i < Nodes; ++i)
        if (sink[i] >= 0 && dropped[sink[i]]) sink[i] = -1;
}

// Pointwise nodes whose one consumer is a pointwise node of the same domain. They wait for it: what a gradient needs
// only later is computed there from values that are kept anyway, instead of being kept as well. What is stored as
// something smaller does not wait: it is what is kept.
template <int Nodes, class Graph>
constexpr void find_waiting(const Graph& g, const int* region, const int* uses, const int* sink, bool* waits) {
    const graph_view view = g.view();
    int weight[Nodes + 1] = {};  // of the tree that waits
    for (int i = 0; i < Nodes; ++i) weight[i] = 1;
    for (int i = 0; i < Nodes; ++i) {
        const node& c = g.nodes[i];
        if (!is_pointwise(c) || sink[i] >= 0) continue;
        const int* const arguments = view.arguments + c.first_argument;
        for (int k = 0; k < c.argument_count; ++k) {
            const int a = arguments[k];
            const node& p = g.nodes[a];
            if (!is_pointwise(p) || !p.is_floating() || uses[a] != 1 || sink[a] >= 0 || waits[a] ||
                region[a] != region[i])
                continue;
            if (!(p.shape == c.shape) || p.batched != c.batched) continue;
            if (weight[i] + weight[a] > max_step_members / 2) continue;
            waits[a] = true;
            weight[i] += weight[a];
        }
    }
}

}  // namespace fusion

template <class Backend, int Nodes, class Graph> constexpr schedule<Nodes> fuse(const Graph& g) {
    schedule<Nodes> s;
    const graph_view view = s.read(g);
    int uses[Nodes + 1] = {}, sink[Nodes + 1] = {}, member_of[Nodes + 1] = {};
    int members_in[Nodes + 1] = {}, operands_in[Nodes + 1] = {}, latest_of[Nodes + 1] = {};
    // the last step of which a node, or what waits for it, reads more than its first result as it is
    int renamed_of[Nodes + 1] = {};
    bool waits[Nodes + 1] = {};
    int region[Nodes + 1] = {}, region_of[Nodes + 1] = {};  // of a node, of a step
    find_loops(g.nodes, Nodes, region);
    if constexpr (Backend::fuses) find_views<Backend, Nodes>(g, region, s.view);
    const auto names_another = [&](int i) {
        return g.nodes[i].kind == op::reshape || s.view[i] != (g.nodes[i].kind == op::relayout);
    };
    for (int i = 0; i < Nodes; ++i) {
        s.step_of[i] = sink[i] = latest_of[i] = renamed_of[i] = -1;
        s.root[i] = names_another(i) ? s.root[view.argument(g.nodes[i], 0)] : i;
    }
    if (Backend::fuses) {
        fusion::count_uses(g, uses);
        fusion::gather_prologues<Nodes>(g, region, uses, sink);
        fusion::drop_prologues<Backend, Nodes>(g, view, uses, sink);
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
        return Backend::takes_tail(view, domain);
    };
    int weight[Nodes + 1] = {}, load[Nodes + 1] = {};  // members and operands of what waits for a node, itself included
    for (int i = 0; i < Nodes; ++i) {
        const node& n = g.nodes[i];
        if (is_source(n.kind) || names_another(i)) continue;
        if (n.kind == op::result) {
            s.step_of[i] = s.step_of[view.argument(n, 0)];
            continue;
        }
        int& latest = latest_of[i];  // the last step that an operand comes from
        weight[i] = 1;
        load[i] = n.argument_count;
        const int* const arguments = view.arguments + n.first_argument;
        for (int k = 0; k < n.argument_count; ++k) {
            const int a = s.root[arguments[k]];
            const int at = s.step_of[a] >= 0 ? s.step_of[a] : latest_of[a];
            if (at > latest) latest = at;
            if ((arguments[k] != a || g.nodes[a].kind == op::result) && at > renamed_of[i]) renamed_of[i] = at;
            if (waits[a]) {
                if (renamed_of[a] > renamed_of[i]) renamed_of[i] = renamed_of[a];
                weight[i] += weight[a];
                load[i] += load[a];
            }
        }
        if (sink[i] >= 0 || waits[i]) continue;  // placed with its consumer, below
        if (!is_pointwise(n)) {
            s.step_of[i] = open(i, i);
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
        if (s.step_of[i] >= 0 && is_pointwise(g.nodes[i])) {
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
        if (s.step_of[i] >= 0 && is_pointwise(g.nodes[i]) && sink[i] >= 0) {
            fused_step& t = s.steps[s.step_of[i]];
            s.members[t.first + t.before++] = i;
        }
    for (int i = 0; i < Nodes; ++i)
        if (s.step_of[i] >= 0 && is_pointwise(g.nodes[i]) && sink[i] < 0) {
            fused_step& t = s.steps[s.step_of[i]];
            s.members[t.first + t.before + t.after++] = i;
        }
    // what is needed outside the step that makes it
    for (int i = 0; i < Nodes; ++i) {
        const node& n = g.nodes[i];
        const int* const arguments = view.arguments + n.first_argument;
        for (int k = 0; k < n.argument_count; ++k) {
            const int a = s.root[arguments[k]];
            const bool handed = s.step_of[a] == s.step_of[i] && (a == arguments[k] || sink[a] == i);
            if (!names_another(i) && !handed) s.stored[a] = true;
        }
    }
    for (int i = 0; i < Nodes; ++i) s.stored[i] = s.stored[i] || g.nodes[i].kind == op::carry;
    for (int i = 0; i < g.output_count; ++i) s.stored[s.root[g.outputs[i]]] = true;
    for (int i = 0; i < g.loss_count; ++i) s.stored[s.root[g.losses[i]]] = true;
    for (int i = 0; i < g.tap_count; ++i) s.stored[s.root[g.taps[i].id]] = true;
    return s;
}

}  // namespace tessera::detail
