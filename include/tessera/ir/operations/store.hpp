// store: a value written to where it outlives the call: a state, or the gradient of a parameter.
//
// Cost        nothing where the producer can write there at once, else one copy.
#pragma once
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

namespace detail {

constexpr value store(value x, store_to where, int slot) {
    if (!x.valid()) return x;
    node n;
    n.kind = op::store;
    n.type = where == store_to::state ? x.owner->states[static_cast<std::size_t>(slot)].type : element::real;
    n.shape = x.shape();
    n.slot = slot;
    return add_node(*x.owner, n, {x}, store_attributes{where, 0});
}

// A state of one stream: of the layer that asks for it alone, whatever others there are in its function or under its key
// of tied<>. Each stream of a model has its own.
constexpr value own_state(value x, std::string_view name, const extents& shape, double start = 0,
                          element type = element::real) {
    variable_request r = state(name, shape, start);
    r.carried = true;
    r.type = type;
    return r.with(x);
}

// x (1, ...) as a row of a state (rows, ...), from the next call on; the others stay
constexpr void store_row(value state, value x, value row) {
    if (!state.valid() || !x.valid() || !row.valid()) return;
    node n;
    n.kind = op::store;
    n.shape = x.shape();
    n.type = state.get().type;
    n.slot = state.get().slot;
    add_node(*x.owner, n, {x, row}, store_attributes{store_to::state, state.extent(0)});
}

// a place in a ring that a number of a state says: what is no place is the first
template <class T> constexpr int place_in_ring(T number, int rows) {
    return number >= T(0) && number < static_cast<T>(rows) ? static_cast<int>(number) : 0;
}

}  // namespace detail

// The new value of a state, from the next call on. A tied layer that is applied again reads the new value of the first
// time and replaces it, as if the applications were calls. In the body of a scan each iteration updates what the one
// before left; see passes/carry_states.hpp. Refused: an update of a value that is no state, or no longer the newest
// one; a second update where one of them is one of a loop, unless both are of the same iteration, or of a stream.
constexpr void update(value state, value next) {
    if (!state.valid() || !next.valid()) return;
    graph& g = *state.owner;
    if (!(state.shape() == next.shape())) {
        reject(g, detail::within{"update"}, text("a state of ") + state.shape().describe().view(),
               next.shape().describe());
        return;
    }
    if (next.get().batched && !state.get().batched) {
        reject(g, detail::within{"update"},
               text("a state of ") + state.shape().describe().view() + std::string_view(" for all samples"),
               next.shape().describe() + std::string_view(" for each sample"),
               text("batch_mean(x) and batch_sum(x) make one of all samples"));
        return;
    }
    const detail::graph_view view = g.view();
    int slot = state.get().kind == detail::op::state ? state.get().slot : -1, earlier = -1;
    for (auto i = static_cast<std::size_t>(state.id); i < g.nodes.size(); ++i) {
        const detail::node& n = g.nodes[i];
        if (updates_state(view, n) && (n.slot == slot || view.argument(n, 0) == state.id)) {
            slot = n.slot;
            earlier = static_cast<int>(i);
        }
    }
    if (slot < 0) {
        reject(g, detail::within{"update"}, text("a state to update"), text("another value"));
        return;
    }
    if (earlier >= 0) {
        bool again = g.purpose != phase::streaming && g.argument(earlier, 0) == state.id;
        for (std::size_t i = static_cast<std::size_t>(earlier); i < g.nodes.size(); ++i)
            again = again && g.nodes[i].kind != detail::op::loop && g.nodes[i].kind != detail::op::loop_end;
        if (!again) {
            reject(g, detail::within{"update"}, text("one update of a state"), text("a second one"),
                   text("is a layer with a state tied?"));
            return;
        }
        g.nodes[static_cast<std::size_t>(earlier)].kind = detail::op::reshape;  // read by none, so it goes
    }
    // a value that is the newest of another state too is told apart from it; a store stands after what it stores
    bool shared = next.get().kind == detail::op::state;
    for (auto i = static_cast<std::size_t>(next.id); i < g.nodes.size(); ++i)
        shared = shared || (updates_state(view, g.nodes[i]) && view.argument(g.nodes[i], 0) == next.id);
    store(shared ? apply(detail::scalar_function::identity, next) : next, detail::store_to::state, slot);
}

namespace detail {

struct store_operation {
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }
    template <class T> static constexpr void run(const call<T>& c, int item) {
        const int rows = c.template attributes<store_attributes>().rows;
        if (rows == 0) {
            c.y[item] = c.x[0][item];
            return;
        }
        const int size = c.self->shape.size(), sample = item / size, k = item % size;
        const int row = place_in_ring(c.x[1][c.origin(1, sample)], rows);
        c.y[(static_cast<long>(sample) * rows + row) * size + k] = c.x[0][c.origin(0, sample) + k];
    }
    template <class Tape> static constexpr void gradient(Tape&, value, value) {}
    static constexpr double macs(const graph_view&, const node&) { return 0; }
};

}  // namespace detail

}  // namespace tessera
