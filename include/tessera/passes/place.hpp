// place: an address for every value that a program keeps, and the room that each kernel works in.
//
// Parameters, gradients and states have flat buffers of their own. Everything else shares one workspace: a value
// lives from the step that makes it to the last step that reads it; a loop of pointwise nodes may write over an
// operand that dies there. `bound` is what no placement can beat: the largest sum of live values at any step.
//
// Where parameters are fixed, and the backend keeps what it prepares, steps that depend on them alone run before calls;
// see prepared_steps.hpp. What they make has memory of its own, which stays.
#pragma once
#include <tessera/ir/call.hpp>
#include <tessera/ir/operations/store.hpp>
#include <tessera/passes/arrange.hpp>
#include <tessera/passes/join.hpp>
#include <tessera/passes/liveness.hpp>
#include <tessera/passes/prepared_steps.hpp>
#include <tessera/passes/signature.hpp>

namespace tessera::detail {

enum class memory_space : std::uint8_t { none, input, parameter, gradient, state, workspace, constant, prepared };

constexpr long rounded_bytes(long bytes) { return (bytes + line_bytes - 1) / line_bytes * line_bytes; }

struct placed {
    memory_space where = memory_space::none;
    int offset = 0;  // elements of a buffer; lines of the workspace and of what is prepared; the number of an input
};

template <int Nodes> struct placement {
    placed at[Nodes + 1];           // by node
    int scratch[Nodes + 1] = {};    // by step: where its kernel's room begins, in lines; -1 where it has none
    bool elided[Nodes + 1] = {};    // a store or a concatenation whose producers write to the target
    bool prepared[Nodes + 1] = {};  // by step: it runs before calls
    long prepared_bytes = 0;
    long workspace_bytes = 0;
    long bound = 0;
    int constant_elements = 0;        // of the read-only memory of constants
    int index_constant_elements = 0;  // of those that are whole numbers
    int other_constant_elements = 0;  // of those of another width than the program's
};

// Bytes: of one element of the program's real type
template <class Backend, int Nodes, class Graph>
constexpr placement<Nodes> place(const Graph& g, const schedule<Nodes>& s, int capacity, int element_bytes) {
    placement<Nodes> p;
    const graph_view view = s.read(g);
    const int steps = s.step_count;
    const liveness<Nodes> live = liveness<Nodes>::of(g, s);
    const auto state_at = [&](int slot) {
        const bool several = g.purpose == phase::streaming && capacity > 1;
        return several ? static_cast<int>(offset_of_state(g, slot, capacity)) : g.states[slot].offset;
    };
    bool viewed[Nodes + 1] = {};
    for (int i = 0; i < Nodes; ++i) {
        const node& n = g.nodes[i];
        if (s.view[i]) viewed[s.root[i]] = true;
        if (n.kind == op::input) p.at[i] = {memory_space::input, n.slot};
        if (n.kind == op::parameter) p.at[i] = {memory_space::parameter, g.parameters[n.slot].offset};
        if (n.kind == op::state) p.at[i] = {memory_space::state, state_at(n.slot)};
        if (n.kind == op::constant && !is_number(n)) {
            int& end = n.type == element::real ? p.constant_elements
                       : has_width(n.type)     ? p.other_constant_elements
                                               : p.index_constant_elements;
            p.at[i] = {memory_space::constant, end};
            end += aligned_elements(stored_size(n));
        }
    }

    const auto bytes = [&](element type) { return bytes_of(type, element_bytes); };
    const auto bytes_of_sample = [&](int i) { return elements_in_memory(view, i) * bytes(g.nodes[i].type); };
    const auto bytes_of_value = [&](int i) {
        return rounded_bytes(bytes_of_sample(i) * (g.nodes[i].batched ? capacity : 1));
    };
    if constexpr (requires { requires Backend::prepares; }) {
        find_prepared_steps<Nodes>(g, s, p.prepared);
        for (int i = 0; i < Nodes; ++i) {
            if (s.step_of[i] < 0 || !p.prepared[s.step_of[i]] || !s.stored[i]) continue;
            p.at[i] = {memory_space::prepared, static_cast<int>(p.prepared_bytes / line_bytes)};
            p.prepared_bytes += bytes_of_value(i);
        }
    }

    // whether a loop reads a value by another name than its own, and so where it has not yet been, or has already
    const auto reads_view = [&](int step, int of) {
        if (!viewed[of]) return false;
        for (int k = s.steps[step].first; k < s.steps[step].first + s.steps[step].count(); ++k) {
            const node& m = g.nodes[s.members[k]];
            for (int q = 0; q < m.argument_count; ++q)
                if (const int a = view.argument(m, q); s.view[a] && s.root[a] == of) return true;
        }
        return false;
    };

    // stores: the producer writes to the target where nothing still needs the old content
    for (int i = 0; i < Nodes; ++i) {
        const node& n = g.nodes[i];
        if (n.kind != op::store) continue;
        const bool to_state = updates_state(view, n);
        const placed target{to_state ? memory_space::state : memory_space::gradient,
                            to_state ? state_at(n.slot) : g.parameters[n.slot].offset};
        const int v = s.root[view.argument(n, 0)], made = s.step_of[v];
        p.at[i] = target;
        const bool carried = g.nodes[v].kind == op::carry || g.nodes[v].kind == op::next;  // where the carry is
        const bool free = p.at[v].where == memory_space::none && made >= 0 && n.argument_count == 1 && !carried;
        bool safe = free;
        if (to_state && free) {
            const int read = live.last[g.state_ids[n.slot]];
            safe = read < made || (read == made && s.steps[made].anchor < 0 && !reads_view(made, g.state_ids[n.slot]));
        }
        if (safe) {
            p.at[v] = target;
            p.elided[i] = true;
        }
    }

    const auto joins =
        joined<Nodes>::of(g, s, capacity, element_bytes, [&](int i) { return p.at[i].where != memory_space::none; });

    // lifetimes; a value that takes over its operand's memory extends that piece
    lifetimes<2 * Nodes, Nodes + 1> pieces;
    int piece_of[Nodes + 1] = {};
    for (int i = 0; i < Nodes; ++i) piece_of[i] = -1;
    for (int i = 0; i < Nodes; ++i) {
        const int made = s.step_of[i];
        const node& n = g.nodes[i];
        if (made < 0 || !s.stored[i] || p.at[i].where != memory_space::none || n.kind == op::next) continue;
        if (joins.whole[i] > 0) continue;  // a part of another piece
        const bool loop = s.steps[made].anchor < 0;
        const auto take_over = [&](int argument) {
            const int a = s.root[argument], piece = piece_of[a];
            if (piece < 0 || s.step_of[a] == made || live.last[a] != made || reads_view(made, a)) return;
            if (joins.has_parts[a]) return;  // a part may be read there as well
            const node& from = g.nodes[argument];
            if (!(from.shape == n.shape) || from.batched != n.batched ||
                bytes_of_sample(argument) != bytes_of_sample(i))
                return;
            if (pieces.last[piece] != made) return;  // taken over already
            piece_of[i] = piece;
            pieces.last[piece] = live.last[i];
        };
        if (n.kind == op::add_along && n.argument_count > 2) take_over(view.argument(n, 2));
        for (int k = s.steps[made].first; loop && k < s.steps[made].first + s.steps[made].count(); ++k) {
            const node& m = g.nodes[s.members[k]];
            const int* const arguments = view.arguments + m.first_argument;
            for (int q = 0; q < m.argument_count && piece_of[i] < 0; ++q) take_over(arguments[q]);
        }
        if (piece_of[i] < 0) {
            piece_of[i] = pieces.add(bytes_of_value(i), live.first[i], live.last[i]);
        }
        p.elided[i] = joins.has_parts[i];
    }
    for (int i = 0; i < Nodes; ++i) {
        if (joins.whole[i] == 0) continue;
        const int piece = piece_of[joins.whole[i] - 1];
        if (live.first[i] < pieces.first[piece]) pieces.first[piece] = live.first[i];
        if (live.last[i] > pieces.last[piece]) pieces.last[piece] = live.last[i];
    }
    // An anchor that is not needed by itself writes where its last member does. Where all are stored as something smaller it
    // has memory for the length of its step, or hands its results over.
    int written_for_anchor[Nodes + 1] = {};
    for (int k = 0; k < steps; ++k) {
        written_for_anchor[k] = -1;
        const int a = s.steps[k].anchor;
        if (a < 0 || s.stored[a] || s.steps[k].after == 0) continue;
        const node& n = g.nodes[a];
        if (Backend::hands_over(n.kind)) continue;
        const int after = s.steps[k].first + s.steps[k].before;
        for (int m = after; m < after + s.steps[k].after; ++m)
            if (const int i = s.members[m]; s.stored[i] && bytes(g.nodes[i].type) == bytes(n.type))
                written_for_anchor[k] = i;
        if (written_for_anchor[k] < 0) piece_of[a] = pieces.add(bytes_of_value(a), k, k);
    }
    // the room of kernels
    int room[Nodes + 1] = {};
    long room_bytes[Nodes + 1] = {};
    first_of_equals<Nodes> seen;
    for (int k = 0; k < steps; ++k) {
        room[k] = -1;
        const int a = s.steps[k].anchor;
        if (a < 0) continue;
        const node& n = g.nodes[a];
        signature kind;
        kind.add_attributes(view, n);
        for (int q = 0; q < n.argument_count; ++q) {
            kind.add(view.operand(n, q));
            if (const int x = view.argument(n, q); s.view[x]) kind.add(layout_of(view, x));
        }
        kind.add(s.steps[k].before > 0);
        if (const int equal = seen.first(k, kind.get()); equal != k)
            room_bytes[k] = room_bytes[equal];
        else
            room_bytes[k] =
                Backend::workspace(view, n, capacity, n.type == element::real ? element_bytes : bytes(view.width_of(n)),
                                   s.steps[k].before > 0);
        if (room_bytes[k] > 0) room[k] = pieces.add(rounded_bytes(room_bytes[k]), k, k);
    }

    const placing::arrangement done = placing::arrange(pieces, steps);
    p.workspace_bytes = done.bytes;
    p.bound = done.bound;
    const auto units = [&](int piece) { return static_cast<int>(pieces.offset[piece] / line_bytes); };
    for (int i = 0; i < Nodes; ++i)
        if (const int w = joins.whole[i]; w > 0 || piece_of[i] >= 0)
            p.at[i] = {memory_space::workspace, units(piece_of[w > 0 ? w - 1 : i]) + joins.line[i]};
    for (int k = 0; k < steps; ++k) p.scratch[k] = room[k] >= 0 ? units(room[k]) : -1;
    for (int k = 0; k < steps; ++k)
        if (const int m = written_for_anchor[k]; m >= 0) p.at[s.steps[k].anchor] = p.at[m];
    // other names: of a carry, its next value
    for (int i = 0; i < Nodes; ++i)
        if (g.nodes[i].kind == op::next) p.at[i] = p.at[view.argument(g.nodes[i], 0)];
    for (int i = 0; i < Nodes; ++i)
        if (s.root[i] != i) p.at[i] = p.at[s.root[i]];
    return p;
}

}  // namespace tessera::detail
