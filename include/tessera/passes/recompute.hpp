// recompute: pointwise code in front of a product or a convolution is computed again for the backward half, where that
// keeps less in memory from the one half to the other.
//
// What the bases of a spline are computed from is an eighth as large as they are: instead of them, and of all that their
// derivatives read, it alone is kept. Who reads them in the backward half has the code that makes them as a prologue of
// its own: the gradient of the weights, and the sum that takes a derivative back to the one value. What a normalisation
// leaves is kept for its own gradient; the activation after it is computed again from that.
//
// Whether that pays is for the backend to say; see `computes_again`. Nothing is computed again in a loop.
#pragma once
#include <tessera/ir/list.hpp>
#include <tessera/passes/fuse.hpp>

namespace tessera::detail {

template <int Nodes> struct recomputation {
    bool any = false;
    bool again[Nodes + 1] = {};  // computed again for readers after the loss
    int loss = -1;
};

// a prologue that would be computed again
struct recomputed_code {
    int members = 0;
    bool dear = false;        // one of them costs as much as many additions
    long kept = 0, left = 0;  // bytes that are kept for the backward half as it is, and otherwise

    constexpr void add(scalar_function f);
};

namespace recomputing {

constexpr bool is_dear(scalar_function f) {
    switch (f) {
        case scalar_function::exponential:
        case scalar_function::logarithm:
        case scalar_function::log_one_plus:
        case scalar_function::sine:
        case scalar_function::cosine:
        case scalar_function::tangent_h:
        case scalar_function::sigmoid:
        case scalar_function::error_function:
        case scalar_function::arc_sine:
        case scalar_function::arc_cosine:
        case scalar_function::power:
        case scalar_function::arc_tangent: return true;
        default: return false;
    }
}

}  // namespace recomputing

constexpr void recomputed_code::add(scalar_function f) {
    ++members;
    dear = dear || recomputing::is_dear(f);
}

template <class Graph> constexpr bool has_backward_half(const Graph& g) {
    return g.purpose == phase::training && g.loss_count > 0;
}

// What is computed again in g, a graph of forward and backward half in order; bytes: of an element of all samples. A
// backend may answer `computes_again(graph, node, code)`, whether code in front of a node had better be; else none is.
template <class Backend, int Nodes, class Graph>
constexpr recomputation<Nodes> plan_recomputation(const Graph& g, long bytes) {
    recomputation<Nodes> plan;
    constexpr bool asks = requires(recomputed_code c) { Backend::computes_again(graph_view{}, node{}, c); };
    if (!Backend::fuses || !asks || !has_backward_half(g)) return plan;
    const graph_view view = g.view();
    const int loss = plan.loss = g.losses[0];
    int region[Nodes + 1] = {}, uses[Nodes + 1] = {}, sink[Nodes + 1] = {};
    int forward[Nodes + 1] = {}, backward[Nodes + 1] = {};  // readers in each half
    bool refused[Nodes + 1] = {};                           // by anchor
    find_loops(g.nodes, Nodes, region);
    fusion::count_uses(g, uses);
    for (int i = loss + 1; i < Nodes; ++i) {
        const int* const arguments = view.arguments_of(g.nodes[i]);
        for (int k = 0; k < g.nodes[i].argument_count; ++k) ++backward[arguments[k]];
    }
    bool any = false;
    for (int i = 0; i < Nodes; ++i) {
        sink[i] = -1;
        forward[i] = uses[i] - backward[i];
        any = any || (i <= loss && fusion::copies(g.nodes[i]));
    }
    if (!any) return plan;
    fusion::gather_prologues<Nodes>(g, region, forward, sink, loss);
    fusion::drop_prologues<Backend, Nodes>(g, view, uses, sink);
    // what an operand is called where it is read belongs to it
    int root[Nodes + 1] = {}, readers[Nodes + 1] = {};  // anchor of the root; readers after the loss, all names counted
    for (int i = 0; i < Nodes; ++i) root[i] = -1;
    for (int i = 0; i <= loss; ++i) {
        const node& n = g.nodes[i];
        if (!fusion::copies(n)) continue;
        int a = view.argument(n, 0);
        while (g.nodes[a].kind == op::reshape && forward[a] == 1) a = view.argument(g.nodes[a], 0);
        if (sink[a] == i) root[a] = i;
    }
    for (int i = 0; i < Nodes; ++i) {
        readers[i] += backward[i];
        int a = i;
        while (g.nodes[a].kind == op::reshape && i <= loss) a = view.argument(g.nodes[a], 0);
        if (a != i) readers[a] += backward[i];
    }
    // every reader in the backward half is pointwise or takes a prologue
    for (int i = loss + 1; i < Nodes; ++i) {
        const node& n = g.nodes[i];
        if (is_pointwise(n) && region[i] < 0) continue;
        const int* const arguments = view.arguments_of(n);
        for (int k = 0; k < n.argument_count; ++k) {
            int a = arguments[k];
            while (g.nodes[a].kind == op::reshape) a = view.argument(g.nodes[a], 0);
            if (sink[a] < 0) continue;
            const bool takes = k == 0 && region[i] < 0 &&
                               (fusion::reduces(n) || (fusion::copies(n) && Backend::takes_prologue(view, n)));
            if (!takes) refused[sink[a]] = true;
        }
    }
    // by anchor: elements that are kept for the backward half as it is, with all members computed again, and with those
    // alone that are between the operand and what is kept
    recomputed_code of_all[Nodes + 1], of_few[Nodes + 1];
    int staying[Nodes + 1] = {}, counted_for[Nodes + 1] = {};
    bool few[Nodes + 1] = {};
    for (int i = loss; i >= 0; --i) {
        const int anchor = sink[i];
        if (anchor < 0 || fusion::reduces(g.nodes[anchor])) continue;
        const node& n = g.nodes[i];
        few[i] = root[i] == anchor || (readers[i] == 0 && staying[i] == forward[i]);
        if (readers[i] > 0) of_all[anchor].kept += bytes * n.shape.size();
        if (readers[i] > 0 && !few[i]) of_few[anchor].left += bytes * n.shape.size();
        of_all[anchor].add(n.function);
        if (few[i]) of_few[anchor].add(n.function);
        const int* const arguments = view.arguments_of(n);
        for (int k = 0; k < n.argument_count; ++k) {
            const int a = arguments[k];
            if (sink[a] == anchor) {
                staying[a] += few[i];
                continue;
            }
            int of = a;  // whose memory it is
            while (g.nodes[of].kind == op::reshape) of = view.argument(g.nodes[of], 0);
            if (is_source(g.nodes[of].kind) || readers[of] > 0 || g.nodes[of].batched != n.batched) continue;
            if (counted_for[of] == anchor + 1) continue;
            counted_for[of] = anchor + 1;
            of_all[anchor].left += bytes * g.nodes[of].shape.size();
            if (few[i]) of_few[anchor].left += bytes * g.nodes[of].shape.size();
        }
    }
    bool pays[Nodes + 1] = {};  // by anchor
    for (int i = 0; i <= loss; ++i) {
        if (of_all[i].members == 0 || refused[i]) continue;
        of_few[i].kept = of_all[i].kept;
        const recomputed_code& code = of_all[i].left < of_few[i].left ? of_all[i] : of_few[i];
        if constexpr (asks) pays[i] = code.left < code.kept && Backend::computes_again(view, g.nodes[i], code);
    }
    for (int i = 0; i <= loss; ++i) {
        const int anchor = sink[i];
        if (g.nodes[i].kind == op::reshape)
            plan.again[i] = plan.again[view.argument(g.nodes[i], 0)];
        else if (anchor >= 0)
            plan.again[i] = pays[anchor] && (few[i] || of_all[anchor].left < of_few[anchor].left);
        plan.any = plan.any || plan.again[i];
    }
    return plan;
}

// g with what is to be computed again standing before those that read it: once for all pointwise nodes, and once for
// each other one, whose prologue it becomes.
template <int Nodes> constexpr graph recompute(graph g, const recomputation<Nodes>& plan) {
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    const list<node> nodes = std::move(g.nodes);
    const list<int> arguments = g.arguments;
    list<int> now(nodes.size(), -1), for_pointwise(nodes.size(), -1), for_one(nodes.size(), -1);
    list<int> made;  // of for_one
    g.nodes = {};
    g.nodes.reserve(2 * nodes.size());
    const auto copy = [&](auto self, int i, list<int>& copies) -> int {
        if (!plan.again[i]) return now[at(i)];
        if (copies[at(i)] >= 0) return copies[at(i)];
        node n = nodes[at(i)];
        int ids[3] = {};
        for (int k = 0; k < n.argument_count; ++k) ids[k] = self(self, arguments[n.first_argument + k], copies);
        n.first_argument = g.arguments.count();
        for (int k = 0; k < n.argument_count; ++k) g.arguments.push_back(ids[k]);
        copies[at(i)] = g.add(n);
        made.push_back(i);
        return copies[at(i)];
    };
    for (int i = 0; i < static_cast<int>(nodes.size()); ++i) {
        const node& n = nodes[at(i)];
        for (int k = 0; k < n.argument_count; ++k) {
            const int a = arguments[n.first_argument + k];
            int& now_of_argument = g.argument(n, k);
            now_of_argument = now[at(a)];
            if (i <= plan.loss || !plan.again[a]) continue;
            const int id = copy(copy, a, is_pointwise(n) ? for_pointwise : for_one);
            g.argument(n, k) = id;
        }
        for (int k : made) for_one[at(k)] = -1;
        made.clear();
        now[at(i)] = g.add(n);
    }
    g.renumber(now.data());
    return g;
}

}  // namespace tessera::detail
