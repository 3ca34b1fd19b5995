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
#include <utility>
#include <vector>

namespace tessera {

struct live_value {
    int node = -1;
    int first = 0, last = 0;
    detail::memory_space where = detail::memory_space::workspace;
    long offset = 0, bytes = 0;
};

struct peak_step {
    int step = 0;
    long bytes = 0;
};

namespace detail {

template <class Program> long room_of_kernel(int step) {
    const auto& g = Program::graph;
    const fused_step& s = Program::order.steps[step];
    const int anchor = s.anchor;
    if (anchor < 0) return 0;
    return Program::backend_type::workspace(Program::view(), g.nodes[anchor], Program::capacity,
                                            detail::bytes_of(Program::view().width_of(g.nodes[anchor]),
                                                             static_cast<int>(sizeof(typename Program::real_type))),
                                            s.before > 0);
}

}  // namespace detail

template <class Program> std::vector<live_value> live_values() {
    const auto& g = Program::graph;
    const auto& s = Program::order;
    const auto& p = Program::places;
    const auto live = detail::liveness<Program::nodes>::of(g, s);
    std::vector<live_value> list;
    for (int i = 0; i < Program::nodes; ++i) {
        const detail::node& n = g.nodes[i];
        const bool stores = n.kind == detail::op::store && !p.elided[i];
        if (s.step_of[i] < 0 || !(s.stored[i] || stores) || n.kind == detail::op::next)
            continue;  // next: the carry's memory
        const long element_bytes = detail::bytes_of(n.type, static_cast<int>(sizeof(typename Program::real_type)));
        const bool in_lines =
            p.at[i].where == detail::memory_space::workspace || p.at[i].where == detail::memory_space::prepared;
        const long offset = p.at[i].offset * (in_lines ? detail::line_bytes : 1L);
        int first = live.first[i], end = live.last[i];
        for (int k = 0; n.kind == detail::op::concatenate && p.elided[i] && k < n.argument_count; ++k) {
            const int part = s.root[g.view().argument(n, k)];  // which is made there
            first = std::min(first, live.first[part]);
            end = std::max(end, live.last[part]);
        }
        list.push_back(
            {i, first, end, p.at[i].where, offset,
             detail::elements_in_memory(Program::view(), i) * (n.batched ? Program::capacity : 1L) * element_bytes});
    }
    for (int k = 0; k < Program::steps; ++k)
        if (const long bytes = detail::room_of_kernel<Program>(k); bytes > 0)
            list.push_back({-1, k, k, detail::memory_space::workspace, p.scratch[k] * long{detail::line_bytes}, bytes});
    // a kernel's room after what the step makes
    std::sort(list.begin(), list.end(), [](const live_value& a, const live_value& b) {
        if (a.first != b.first) return a.first < b.first;
        return a.node >= 0 && (b.node < 0 || a.node < b.node);
    });
    return list;
}

template <class Value> peak_step peak_of(const std::vector<Value>& values, int steps) {
    peak_step peak;
    std::vector<std::pair<long, long>> pieces;  // (begin, end) in the workspace
    for (int k = 0; k < steps; ++k) {
        pieces.clear();
        for (const live_value& v : values)
            if (v.where == detail::memory_space::workspace && v.first <= k && k <= v.last)
                pieces.emplace_back(v.offset, v.offset + detail::rounded_bytes(v.bytes));
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
