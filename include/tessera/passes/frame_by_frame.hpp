// frame_by_frame: whether a network computes each element of time from that element and from what loops carry.
//
//   expect_frame_by_frame(g, table)   g, traced for a stream, fails where the graph of whole sequences, the table, has
//                                     an operation that does not, a number that the length of time decides, or an
//                                     output that a state decides which others than its own scan read
//
// Some look back along time by states, where axis 0 is time: causal_conv, delay, frame_positions, causal attention of a
// sequence with itself. Their nodes are marked by_frame.
//
// A stream has one element of time and the carries, so what looks along time (a window, a mean, attention, a reversal)
// would see that element alone and give another result. Each value of the whole graph is followed: where its axis of
// time is, if it has one. What has a single element of time is a stream's own graph and not looked at.
//
// Runs in time that is linear in the number of nodes, for each state that is updated.
#pragma once
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/ir/operations/cumulative_sum.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/resample.hpp>
#include <tessera/ir/operations/slice.hpp>
#include <tessera/ir/operations/take_along.hpp>
#include <tessera/ir/value.hpp>
#include <tessera/ir/window.hpp>

namespace tessera::detail {

namespace time_flow {

// where the axis of time is, or one of these
enum : int {
    still = -1,    // the same at all times
    current = -2,  // of one element: inside a loop, or the last one's after it
    lost = -3      // a value that takes more than one element together
};

struct flow {
    int axis = still;
    bool uniform = false;  // all elements are one number
};

// the axis of the result that stands for an axis of the operand under other extents; -1 if none does
constexpr int same_axis(const extents& from, int axis, const extents& to) {
    for (int a = 0; a < to.rank; ++a)
        if (to.product(0, a) == from.product(0, axis) && to.size_of[a] == from.size_of[axis] && to.size_of[a] > 1)
            return a;
    return -1;
}

// an operation of a graph, and what is known of its arguments
struct step_in_time {
    const node& n;
    graph_view g;
    const flow* known;
    bool repeats;  // it stands in a loop that is none along time

    constexpr flow of(int k) const { return known[g.argument(n, k)]; }
    constexpr const extents& shape(int k) const { return g.operand(n, k).shape; }

    // of operands that are aligned at their last axes, or by the axes that `place` gives: place(k, axis) is where the
    // result has axis `axis` of operand k, negative where it has not
    template <class Place> constexpr int joined(Place place) const {
        int axis = still;
        for (int k = 0; k < n.argument_count; ++k) {
            const int time = of(k).axis;
            if (time == lost) return lost;
            if (time == still) continue;
            const int here = time == current ? current : place(k, time);
            if (time != current && (here < 0 || n.shape.size_of[here] != shape(k).size_of[time])) return lost;
            if (axis != still && axis != here) return lost;
            axis = here;
        }
        if (axis < 0) return axis;
        // what is the same at all times must not have an element of its own for each
        for (int k = 0; k < n.argument_count; ++k)
            if (of(k).axis == still && !of(k).uniform)
                for (int a = 0; a < shape(k).rank; ++a)
                    if (shape(k).size_of[a] > 1 && place(k, a) == axis) return lost;
        return axis;
    }
    constexpr int aligned() const {
        return joined([&](int k, int a) { return a + n.shape.rank - shape(k).rank; });
    }
    constexpr int contracted() const {
        const auto own = g.attributes<einsum_attributes>(n);
        return joined([&](int k, int a) { return equation::find(own.out(), own.labels[k][a]); });
    }
    // a window may move along time only if it sees one element
    constexpr int windowed() const {
        const auto view = g.attributes<window>(n);
        const bool mixes_channels = n.argument_count > 1;  // by weights
        const int time = of(0).axis;
        for (int k = 1; k < n.argument_count; ++k)
            if (of(k).axis != still && (of(k).axis != current || time != current)) return lost;
        if (time < 0) return time;
        const int channels = n.shape.rank - 1;
        if (time == channels) return mixes_channels ? static_cast<int>(lost) : time;
        const int i = 3 - channels + time;
        const bool one = view.kernel[i] == 1 && view.stride[i] == 1 && view.before[i] == 0 && view.after[i] == 0;
        return one ? time : static_cast<int>(lost);
    }
    // of a layer that does the same by states where there is one element of axis 0
    constexpr int by_frame() const {
        for (int k = 0; k < n.argument_count; ++k)
            if (of(k).axis != 0 && !(k > 0 && of(k).axis == still && n.kind != op::attention)) return lost;
        return 0;
    }
    // whatever it does, it does to values that do not move
    constexpr int unmoved() const {
        int axis = still;
        for (int k = 0; k < n.argument_count; ++k) {
            if (of(k).axis >= 0 || of(k).axis == lost) return lost;
            if (of(k).axis == current) axis = current;
        }
        return axis;
    }
    // of a slice or a pad
    constexpr bool keeps_axis(int a) const {
        const auto own = g.attributes<slice_attributes>(n);
        return own.first[a] == 0 && own.step[a] == 1 && n.shape.size_of[a] == shape(0).size_of[a];
    }
    constexpr int axis() const {
        const int time = n.argument_count > 0 ? of(0).axis : static_cast<int>(still);
        const auto kept_if = [&](bool holds) { return time < 0 || holds ? time : static_cast<int>(lost); };
        if (n.by_frame && n.argument_count > 0 && (time >= 0 || shape(0)[0] == 1)) return by_frame();
        if (facts_of(n.kind).windowed) return windowed();
        switch (n.kind) {
            case op::constant: return n.by_frame ? 0 : static_cast<int>(still);  // frame_positions
            case op::input: return n.shape.rank > 0 ? 0 : static_cast<int>(still);
            case op::pointwise: return aligned();
            case op::einsum: return contracted();
            case op::sum:
            case op::maximum:
                return kept_if((g.attributes<reduce_attributes>(n).axes >> (time < 0 ? 0 : time) & 1u) == 0);
            case op::top_k:
            case op::sign_bits: return kept_if(time != n.shape.rank - 1);
            case op::row_product:
                if (of(1).axis >= 0) return lost;
                return kept_if(time != n.shape.rank - 1);
            case op::integer: return aligned();
            case op::cumulative_sum: return kept_if(g.attributes<cumulative_sum_attributes>(n).axis != time);
            case op::softmax:
            case op::log_softmax: return kept_if(time != n.shape.rank - 1);
            case op::resample: return kept_if(g.attributes<resample_attributes>(n).axis != time);
            case op::result:  // of one operation's results all have time where the first has it
                return kept_if(time < 0 || (time < n.shape.rank && n.shape.size_of[time] == shape(0).size_of[time]));
            case op::reshape:
                if (time < 0) return time;
                return same_axis(shape(0), time, n.shape) >= 0 ? same_axis(shape(0), time, n.shape)
                                                               : static_cast<int>(lost);
            case op::permute:
                for (int a = 0; a < n.shape.rank; ++a)
                    if (g.attributes<permute_attributes>(n).order[a] == time) return a;
                return time;
            case op::slice:
            case op::pad: return kept_if(time < 0 || keeps_axis(time));
            case op::concatenate: {
                const int along = g.attributes<concatenate_attributes>(n).axis;
                return joined([&](int, int a) { return a == along ? -1 : a; });
            }
            case op::gather:
                if (of(0).axis >= 0) return lost;
                return joined([&](int k, int a) { return k == 1 ? a : -1; });
            case op::take_along: {
                const int along = g.attributes<take_along_attributes>(n).axis;
                return joined([&](int, int a) { return a == along ? -1 : a; });
            }
            case op::relayout:
            case op::with_gradient:
            case op::to_index:
            case op::unpack_bits:
            case op::convert:
            case op::cast:
            case op::to_real:
            case op::one_hot: return time;
            case op::item: return time == 0 ? static_cast<int>(current) : static_cast<int>(lost);
            case op::carry:
                if (repeats) return time;
                return time == still ? static_cast<int>(current) : static_cast<int>(lost);
            case op::stack:
                if (repeats) return time < 0 ? time : time + 1;
                return time == current || time == still ? 0 : static_cast<int>(lost);
            case op::next:
                if (repeats) return of(0).axis == of(1).axis ? time : static_cast<int>(lost);
                return n.argument_count < 2 || of(1).axis < 0 ? static_cast<int>(still) : static_cast<int>(lost);
            default: return unmoved();
        }
    }
    constexpr bool uniform() const {
        if (is_number(n)) return true;
        bool all = n.kind == op::pointwise || n.kind == op::reshape || n.kind == op::permute ||
                   n.kind == op::relayout || n.kind == op::slice;
        for (int k = 0; k < n.argument_count; ++k) all = all && of(k).uniform;
        return all;
    }
};

}  // namespace time_flow

// What a call updates a state with is what the next one reads: on whole sequences at the next sequence, in a stream at the
// next element. A carry begins with it, in both at the first element. The first node that reads it otherwise, on the way
// to an output; -1 if none does.
template <class Table> constexpr int reader_of_updated_state(const Table& table) {
    const graph_view g = table.view();
    bool any = false;
    for (int i = 0; i < table.node_count; ++i) any = any || updates_state(g, g[i]);
    if (!any) return -1;
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    const auto count = at(table.node_count);
    list<char> changes(count, 0), leads_out(count, 0);  // by node
    for (int i = 0; i < table.node_count; ++i)
        if (updates_state(g, g[i]))
            for (int k = 0; k < table.node_count; ++k)
                if (table.nodes[k].kind == op::state && table.nodes[k].slot == table.nodes[i].slot) changes[at(k)] = 1;
    for (int i = 0; i < table.node_count; ++i) {
        const node& n = table.nodes[i];
        for (int k = 0; k < n.argument_count && n.kind != op::carry; ++k)
            if (changes[at(g.argument(n, k))]) changes[at(i)] = 1;
    }
    for (int i = 0; i < table.output_count; ++i) leads_out[at(table.outputs[i])] = 1;
    for (int i = table.node_count - 1; i >= 0; --i) {
        const node& n = table.nodes[i];
        if (n.kind == op::next) leads_out[at(i)] = 1;  // read by the next iteration
        for (int k = 0; k < n.argument_count; ++k)
            if (leads_out[at(i)]) leads_out[at(g.argument(n, k))] = 1;
    }
    for (int i = 0; i < table.node_count; ++i)
        if (changes[at(i)] && leads_out[at(i)] && table.nodes[i].kind != op::state) return i;
    return -1;
}

template <class Table> constexpr fault look_along_time(const Table& table) {
    bool moves = false;
    for (int i = 0; i < table.input_count; ++i)
        moves = moves || (table.inputs[i].shape.rank > 0 && table.inputs[i].shape.size_of[0] > 1);
    if (!moves || table.failed) return {};
    list<time_flow::flow> known(static_cast<std::size_t>(table.node_count), time_flow::flow{});
    const graph_view g = table.view();
    list<int> loop(static_cast<std::size_t>(table.node_count) + 1, -1);
    find_loops(table.nodes, table.node_count, loop.data());
    for (int i = 0; i < table.node_count; ++i) {
        const node& n = table.nodes[i];
        const int around = loop[static_cast<std::size_t>(i)];
        const bool repeats = around >= 0 && g.attributes<loop_attributes>(g[around]).repeats != 0;
        const time_flow::step_in_time s{n, g, known.data(), repeats};
        const int axis = s.axis();
        known[static_cast<std::size_t>(i)] = {axis, s.uniform()};
        if (axis != time_flow::lost) continue;
        return {place_of(table, n.scope), layer_of(table, n.scope, table.layer),
                "each element of time by itself, or loops along it",
                text(name_of(n.kind)) + std::string_view(" of more than one element of time"),
                "a model of whole sequences, or a layer that looks back"};
    }
    if (const int reader = reader_of_updated_state(table); reader >= 0) {
        const int scope = table.nodes[reader].scope;
        return {place_of(table, scope), layer_of(table, scope, table.layer),
                "each element of time by itself, or loops along it",
                "a state that is read outside the scan that updates it",
                "a model of whole sequences, or a state that the body of a scan binds, reads and updates"};
    }
    return {};
}

constexpr bool is_same_constant(const graph_view& g, const node& n, const graph_view& h, const node& m) {
    bool same = n.kind == op::constant && n.shape == m.shape;
    for (int i = 0; same && i < n.shape.size(); ++i) same = g.number(n, i) == h.number(m, i);
    return same;
}

// A number that depends on how many elements of time there are is another one in a stream.
template <class Table> constexpr void expect_same_numbers(graph& g, const Table& table) {
    auto here = g.nodes.begin();
    for (int i = 0; i < table.node_count && !g.failed; ++i) {
        const node& n = table.nodes[i];
        if (n.kind != op::constant || n.by_frame) continue;
        while (here != g.nodes.end() && !is_same_constant(g.view(), *here, table.view(), n)) ++here;
        if (here != g.nodes.end())
            ++here;
        else
            g.fail({place_of(table, n.scope), layer_of(table, n.scope, table.layer), "the numbers of whole sequences",
                    "one that depends on the length of time", "a number that is known without it"});
    }
}

// what looks along time is the mistake to tell of, whatever else it leads to
template <class Table> constexpr void expect_frame_by_frame(graph& g, const Table& table) {
    if (const fault f = look_along_time(table); !(f == fault{})) {
        g.failed = true;
        g.problem = f;
    }
    expect_same_numbers(g, table);
}

}  // namespace tessera::detail
