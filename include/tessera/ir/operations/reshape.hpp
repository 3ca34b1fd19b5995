// reshape: the same elements under other extents. Costs nothing: the result is another name for the memory.
//
// Errors      extents of another size; two axes left open.
#pragma once
#include <tessera/ir/operations/pointwise.hpp>

namespace tessera {

// one extent may be -1: whatever is left
constexpr value reshape(value x, extents shape) {
    if (!x.valid()) return x;
    int open = -1, known = 1;
    for (int a = 0; a < shape.rank; ++a) {
        if (shape.size_of[a] == -1 && open < 0)
            open = a;
        else
            known *= shape.size_of[a];
    }
    if (open >= 0 && known > 0) shape.size_of[open] = x.size() / known;
    bool whole = shape.size() == x.size();
    for (int a = 0; a < shape.rank; ++a) whole = whole && shape.size_of[a] >= 1;
    if (!whole)
        return reject(*x.owner, text("a shape of ") + x.size() + std::string_view(" elements"), shape.describe());
    if (shape == x.shape()) return x;
    node n;
    n.kind = op::reshape;
    n.type = x.get().type;
    n.args[0] = x.id;
    n.shape = shape;
    return add_node(*x.owner, n);
}

struct reshape_operation {
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }
    template <class T> static constexpr void run(const call<T>& c, int item) { c.y[item] = c.x[0][item]; }
    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        const value x = t.argument(y, 0);
        t.add(x, reshape(dy, x.shape()));
    }
    static constexpr double macs(const node&, const node* const*) { return 0; }
};

}  // namespace tessera
