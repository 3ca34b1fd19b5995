// permute: axes in another order; permute(x, {1, 0}) is a transposition.
//
//   out     axis i of the result is axis order[i] of x
//
// Gradient    the inverse permutation.    Cost  one copy.
// Errors      an order that does not name every axis once.
#pragma once
#include <tessera/ir/operations/reshape.hpp>

namespace tessera {

namespace detail {

using permutation = extents;  // a short list of numbers

struct permute_attributes {
    int order[max_rank];  // axis i of the result is axis order[i] of x
};

}  // namespace detail

constexpr value permute(value x, const detail::permutation& order) {
    if (!x.valid()) return x;
    bool moved = false, good = order.rank == x.rank();
    unsigned seen = 0;
    for (int a = 0; good && a < order.rank; ++a) {
        good = order.size_of[a] >= 0 && order.size_of[a] < order.rank && !(seen >> order.size_of[a] & 1u);
        if (good) seen |= 1u << order.size_of[a];
        moved = moved || order.size_of[a] != a;
    }
    if (!good)
        return reject(*x.owner, detail::within{"permute"},
                      text("each of the ") + x.rank() + std::string_view(" axes once"), order.describe());
    if (!moved) return x;
    if (!expects_whole_rows(detail::within{"permute"}, x, order.size_of[order.rank - 1] == order.rank - 1))
        return {x.owner, -1};
    detail::node n;
    n.kind = detail::op::permute;
    detail::permute_attributes own{};
    for (int a = 0; a < order.rank; ++a) {
        own.order[a] = order.size_of[a];
        n.shape.push(x.extent(order.size_of[a]));
    }
    return add_node(*x.owner, n, {x}, own);
}

namespace detail {

struct permute_operation {
    static constexpr bool moves = true;
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }
    template <class T> static constexpr void run(const call<T>& c, int item) {
        const extents& to = c.self->shape;
        const auto own = c.template attributes<permute_attributes>();
        const position p = position::of(item % to.size(), to);
        position q;
        for (int a = 0; a < to.rank; ++a) q.at[own.order[a]] = p.at[a];
        c.y[item] = c.x[0][c.origin(0, item / to.size()) + q.index(c.argument(0).shape)];
    }
    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        const auto own = y.attributes<permute_attributes>();
        permutation inverse = y.shape();
        for (int a = 0; a < y.rank(); ++a) inverse.size_of[own.order[a]] = a;
        t.add(y.argument(0), permute(dy, inverse));
    }
    static constexpr double macs(const graph_view&, const node&) { return 0; }
};

}  // namespace detail

}  // namespace tessera
