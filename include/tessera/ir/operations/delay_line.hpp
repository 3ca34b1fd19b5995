// delayed(x, taps, step): in a stream, what was there before and is: x_(t - (taps - 1) step), ..., x_(t - step), x_t.
//
//   in      x (1, ...), the element of time of this call        out     (taps, ...)
//
// What was is kept in a ring, a state "window" ((taps - 1) step, ...) that begins with `start`; a state "row" says which
// row the last call wrote. The next one is the oldest: it is read, and then this call's.
//
// Gradient    none: streams are not trained.
// Cost        taps copies of x read and one written, however large the step.
#pragma once
#include <tessera/ir/operations/store.hpp>

namespace tessera::detail {

struct delay_line_attributes {
    int step;
};

// Whether a layer that looks back along axis 0 of x does so by states: x is the element of time of a call. Where a scan
// or an iteration runs, axis 0 is none of time.
constexpr bool looks_back_by_states(value x) {
    const graph& g = *x.owner;
    return g.purpose == phase::streaming && g.within_scan == 0 &&
           loop_depth(g.nodes.data(), static_cast<int>(g.nodes.size())) == 0 && x.extent(0) == 1;
}
// Of whole sequences, a node that looks back along axis 0, and whose layer does the same in a stream by states.
constexpr value runs_by_frame(value y) {
    if (!y.valid()) return y;
    graph& g = *y.owner;
    node& n = g.nodes[static_cast<std::size_t>(y.id)];
    n.by_frame = loop_depth(g.nodes.data(), y.id) == 0;
    return y;
}

constexpr value delayed(value x, int taps, int step, double start = 0) {
    if (!x.valid() || taps == 1) return x;
    extents shape = x.shape();
    const long rows = (taps - 1L) * step;
    if (rows > extents::most) return reject(*x.owner, text("a window of fewer than 2^31 elements"), text("more"));
    shape[0] = static_cast<int>(rows);
    const value window = own_state(x, "window", shape, start, x.get().type),
                row = own_state(x, "row", {}, 0, x.get().type);
    const value now = select(less(row, rows - 1), row + 1, 0);
    node n;
    n.kind = op::delay_line;
    n.shape = x.shape();
    n.shape[0] = taps;
    const value y = add_node(*x.owner, n, {window, now, x}, delay_line_attributes{step});
    store_row(window, x, now);
    update(row, now);
    return y;
}

struct delay_line_operation {
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }
    template <class T> static constexpr void run(const call<T>& c, int item) {
        const int size = c.self->shape.size(), sample = item / size, taps = c.self->shape[0], wide = size / taps;
        const int tap = item % size / wide, k = item % wide, rows = c.argument(0).shape[0];
        if (tap == taps - 1) {
            c.y[item] = c.x[2][c.origin(2, sample) + k];
            return;
        }
        const int step = c.template attributes<delay_line_attributes>().step;
        const long row = place_in_ring(c.x[1][c.origin(1, sample)], rows) + static_cast<long>(tap) * step;
        c.y[item] = c.x[0][c.origin(0, sample) + row % rows * wide + k];
    }
    template <class Tape> static constexpr void gradient(Tape&, value, value) {}
    static constexpr double macs(const graph_view&, const node&) { return 0; }
};

}  // namespace tessera::detail
