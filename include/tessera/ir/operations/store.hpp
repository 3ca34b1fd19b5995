// store: a value written to where it outlives the call: a state, or the gradient of a parameter.
//
// Cost        nothing where the producer can write there at once, else one copy.
#pragma once
#include <tessera/ir/call.hpp>
#include <tessera/ir/value.hpp>

namespace tessera {

enum class store_to : int { state, gradient };

constexpr value store(value x, store_to where, int slot) {
    if (!x.valid()) return x;
    node n;
    n.kind = op::store;
    n.args[0] = x.id;
    n.shape = x.shape();
    n.list[0] = static_cast<int>(where);
    n.slot = slot;
    return add_node(*x.owner, n);
}

// the new value of a state, from the next call on
constexpr void update(value state, value next) {
    if (!state.valid() || !next.valid()) return;
    if (state.shape() == next.shape() && next.get().batched == state.get().batched)
        store(next, store_to::state, state.get().slot);
    else
        reject(*state.owner, text("a state of ") + state.shape().describe().view(), next.shape().describe());
}

struct store_operation {
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }
    template <class T> static constexpr void run(const call<T>& c, int item) { c.y[item] = c.x[0][item]; }
    template <class Tape> static constexpr void gradient(Tape&, value, value) {}
    static constexpr double macs(const node&, const node* const*) { return 0; }
};

}  // namespace tessera
