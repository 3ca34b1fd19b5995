// reshape: the same elements under other extents. Costs nothing: the result is another name for the memory.
//
// Errors      extents of another size; two axes left open; of bits, rows of another length, but where both are whole
//             words, multiples of 32.
#pragma once
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

// one extent may be -1: whatever is left
constexpr value reshape(value x, extents shape) {
    if (!x.valid()) return x;
    int open = -1;
    long known = 1;
    bool whole = true;
    for (int a = 0; a < shape.rank; ++a) {
        const int size = shape.size_of[a];
        if (size == -1 && open < 0)
            open = a;
        else if (size < 1 || known > extents::most)
            whole = false;
        else
            known *= size;
    }
    if (whole && open >= 0) shape.size_of[open] = static_cast<int>(x.size() / known);
    if (!whole || known * (open < 0 ? 1 : shape.size_of[open]) != x.size())
        return reject(*x.owner, detail::within{"reshape"},
                      text("a shape of ") + x.size() + std::string_view(" elements"), shape.describe());
    if (shape == x.shape()) return x;
    // of bits, rows that are whole words
    const auto may_become = [](int from, int to) { return from == to || (from % 32 == 0 && to % 32 == 0); };
    if (!expects_whole_rows(detail::within{"reshape"}, x,
                            shape.rank > 0 && x.rank() > 0 && may_become(x.shape()[-1], shape[-1])))
        return {x.owner, -1};
    detail::node n;
    n.kind = detail::op::reshape;
    n.type = x.get().type;
    n.shape = shape;
    return add_node(*x.owner, n, {x});
}

namespace detail {

struct reshape_operation {
    static constexpr bool moves = true;
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }
    template <class T> static constexpr void run(const call<T>& c, int item) { c.y[item] = c.x[0][item]; }
    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        const value x = y.argument(0);
        t.add(x, reshape(dy, x.shape()));
    }
    static constexpr double macs(const graph_view&, const node&) { return 0; }
};

}  // namespace detail

}  // namespace tessera
