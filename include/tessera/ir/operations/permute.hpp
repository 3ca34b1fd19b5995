// permute: axes in another order; permute(x, {1, 0}) is a transposition.
//
//   out     axis i of the result is axis order[i] of x
//
// Gradient    the inverse permutation.    Cost  one copy.
// Errors      an order that does not name every axis once.
#pragma once
#include <tessera/ir/operations/reshape.hpp>

namespace tessera {

using permutation = extents;  // a short list of numbers

constexpr value permute(value x, const permutation& order) {
    if (!x.valid()) return x;
    bool moved = false, good = order.rank == x.rank();
    unsigned seen = 0;
    for (int a = 0; good && a < order.rank; ++a) {
        good = order.size_of[a] >= 0 && order.size_of[a] < order.rank && !(seen >> order.size_of[a] & 1u);
        if (good) seen |= 1u << order.size_of[a];
        moved = moved || order.size_of[a] != a;
    }
    if (!good)
        return reject(*x.owner, text("each of the ") + x.rank() + std::string_view(" axes once"), order.describe());
    if (!moved) return x;
    node n;
    n.kind = op::permute;
    n.args[0] = x.id;
    for (int a = 0; a < order.rank; ++a) {
        n.list[a] = order.size_of[a];
        n.shape.push(x.extent(order.size_of[a]));
    }
    return add_node(*x.owner, n);
}

struct permute_operation {
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }
    template <class T> static constexpr void run(const call<T>& c, int item) {
        const extents& to = c.self->shape;
        const position p = position::of(item % to.size(), to);
        position q;
        for (int a = 0; a < to.rank; ++a) q.at[c.self->list[a]] = p.at[a];
        c.y[item] = c.x[0][c.origin(0, item / to.size()) + q.index(c.arg[0]->shape)];
    }
    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        const node n = y.get();
        permutation inverse = n.shape;
        for (int a = 0; a < n.shape.rank; ++a) inverse.size_of[n.list[a]] = a;
        t.add(t.argument(y, 0), permute(dy, inverse));
    }
    static constexpr double macs(const node&, const node* const*) { return 0; }
};

}  // namespace tessera
