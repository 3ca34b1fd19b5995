// live_values: what a program keeps, where, and from which step to which.
//
//   node       its number in Program::graph; -1 for the room that a kernel works in
//   first      the step that makes it
//   last       the last step that reads it; Program::steps where it outlives the call (outputs, losses, taps)
//   where, offset
//              bytes of the workspace, elements of other buffers
//   bytes      at the batch capacity, before rounding to the placement's alignment
//
// They stand in order of `first`. A value that took over its operand's memory begins in the step where that one ends.
// peak_step is the first step with the most bytes alive, and how many: Program::workspace_bound.
#pragma once
#include <algorithm>
#include <tessera/program.hpp>
#include <tuple>
#include <utility>
#include <vector>

namespace tessera {

struct live_value {
    int node = -1;
    int first = 0, last = 0;
    space where = space::workspace;
    long offset = 0, bytes = 0;
};

struct peak_step {
    int step = 0;
    long bytes = 0;
};

namespace liveness {

// of each node: the steps between which its memory is taken, as place() counts them
struct reach {
    std::vector<int> first, last;
};

// inside a loop, what comes from outside is needed to its end, and what it carries on or gathers from its beginning
template <class Program> void stretch_over_loops(reach& r) {
    const auto& g = Program::graph;
    const auto& s = Program::order;
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    std::vector<int> open;
    for (int e = 0; e < Program::nodes; ++e) {
        if (g.nodes[e].kind == op::loop) open.push_back(e);
        if (g.nodes[e].kind != op::loop_end) continue;
        const int b = open.back(), from = s.step_of[b], until = s.step_of[e];
        open.pop_back();
        for (int i = b; i < e; ++i) {
            const node& n = g.nodes[i];
            for (int k = 0; k < n.argument_count(); ++k)
                if (const int a = s.root[n.args[k]]; a < b) r.last[at(a)] = std::max(r.last[at(a)], until);
            if (n.kind == op::carry) r.last[at(i)] = std::max(r.last[at(i)], until);
            if (n.kind == op::carry || n.kind == op::stack || n.kind == op::total)
                r.first[at(i)] = std::min(r.first[at(i)], from);
        }
    }
}

template <class Program> reach reach_of_nodes() {
    const auto& g = Program::graph;
    const auto& s = Program::order;
    reach r{{s.step_of, s.step_of + Program::nodes}, std::vector<int>(static_cast<std::size_t>(Program::nodes), -1)};
    const auto read = [&](int id, int step) {
        int& l = r.last[static_cast<std::size_t>(s.root[id])];
        l = std::max(l, step);
    };
    for (int i = 0; i < Program::nodes; ++i) {
        if (s.step_of[i] < 0) continue;
        read(i, s.step_of[i]);
        for (int k = 0; k < g.nodes[i].argument_count(); ++k) read(g.nodes[i].args[k], s.step_of[i]);
    }
    stretch_over_loops<Program>(r);
    for (int i = 0; i < g.output_count; ++i) read(g.outputs[i], Program::steps);
    for (int i = 0; i < g.loss_count; ++i) read(g.losses[i], Program::steps);
    for (int i = 0; i < g.tap_count; ++i) read(g.taps[i].id, Program::steps);
    return r;
}

template <class Program> long room_of_kernel(int step) {
    const auto& g = Program::graph;
    const int anchor = Program::order.steps[step].anchor;
    if (anchor < 0) return 0;
    const node& n = g.nodes[anchor];
    return Program::backend_type::workspace(n, arguments_of(g.nodes, n), Program::capacity,
                                            static_cast<int>(sizeof(typename Program::real_type)));
}

}  // namespace liveness

template <class Program> std::vector<live_value> live_values() {
    const auto& g = Program::graph;
    const auto& s = Program::order;
    const auto& p = Program::places;
    const liveness::reach reach = liveness::reach_of_nodes<Program>();
    std::vector<live_value> list;
    for (int i = 0; i < Program::nodes; ++i) {
        const node& n = g.nodes[i];
        const bool stores = n.kind == op::store && !p.elided[i];
        if (s.step_of[i] < 0 || !(s.stored[i] || stores) || n.kind == op::next) continue;  // next: the carry's memory
        const long element_bytes = n.type == element::real ? static_cast<long>(sizeof(typename Program::real_type)) : 4;
        const auto at = static_cast<std::size_t>(i);
        const long offset = p.at[i].offset * (p.at[i].where == space::workspace ? line_bytes : 1L);
        list.push_back({i, reach.first[at], reach.last[at], p.at[i].where, offset,
                        n.shape.size() * (n.batched ? Program::capacity : 1L) * element_bytes});
    }
    for (int k = 0; k < Program::steps; ++k)
        if (const long bytes = liveness::room_of_kernel<Program>(k); bytes > 0)
            list.push_back({-1, k, k, space::workspace, p.scratch[k] * long{line_bytes}, bytes});
    // a kernel's room behind what the step makes
    std::ranges::sort(list, {}, [](const live_value& v) { return std::tuple(v.first, v.node < 0, v.node); });
    return list;
}

inline peak_step peak_of(const std::vector<live_value>& values, int steps) {
    peak_step peak;
    std::vector<std::pair<long, long>> pieces;  // (begin, end) in the workspace
    for (int k = 0; k < steps; ++k) {
        pieces.clear();
        for (const live_value& v : values)
            if (v.where == space::workspace && v.first <= k && k <= v.last)
                pieces.emplace_back(v.offset, v.offset + rounded_bytes(v.bytes));
        std::ranges::sort(pieces);
        long bytes = 0, reached = 0;
        for (const auto& [begin, end] : pieces) {
            bytes += std::max(0L, end - std::max(begin, reached));
            reached = std::max(reached, end);
        }
        if (bytes > peak.bytes) peak = {k, bytes};
    }
    return peak;
}

}  // namespace tessera
