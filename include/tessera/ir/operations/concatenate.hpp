// concatenate: values side by side on one axis (the features, unless said).
//
//   in      up to any number of values, equal in all extents but that of the axis
//   out     their extents on the axis added up
//
// Gradient    slices.    Cost  one copy.
// Errors      an axis that the parts lack; extents that differ on another axis.
#pragma once
#include <tessera/ir/operations/slice.hpp>

namespace tessera {

constexpr value concatenate(std::initializer_list<value> parts, int axis = -1) {
    value joined = *parts.begin();
    if (!expects_axis(joined, axis)) return {joined.owner, -1};
    for (auto p = parts.begin() + 1; p < parts.end();) {
        if (!joined.valid() || !p->valid()) return {joined.owner, -1};
        node n;
        n.kind = op::concatenate;
        n.args[0] = joined.id;
        n.shape = joined.shape();
        n.list[0] = n.shape.axis(axis);
        for (int k = 1; k < max_arguments && p < parts.end(); ++k, ++p) {
            extents other = p->shape();
            if (other.rank == n.shape.rank) other[axis] = n.shape[axis];
            if (!(other == n.shape))
                return reject(*joined.owner, text("parts that differ on axis ") + n.list[0] + std::string_view(" only"),
                              joined.shape().describe() + std::string_view(" and ") + p->shape().describe().view());
            n.args[k] = p->id;
            n.shape[axis] += p->extent(axis);
        }
        joined = add_node(*joined.owner, n);
    }
    return joined;
}

struct concatenate_operation {
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }
    template <class T> static constexpr void run(const call<T>& c, int item) {
        const extents& to = c.self->shape;
        const int axis = c.self->list[0];
        position p = position::of(item % to.size(), to);
        int part = 0;
        while (p.at[axis] >= c.arg[part]->shape.size_of[axis]) p.at[axis] -= c.arg[part++]->shape.size_of[axis];
        c.y[item] = c.x[part][c.origin(part, item / to.size()) + p.index(c.arg[part]->shape)];
    }
    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        const node n = y.get();
        int first = 0;
        for (int k = 0; k < n.argument_count(); ++k) {
            const value x = t.argument(y, k);
            const int wide = x.extent(n.list[0]);
            if (t.wants(x)) t.add(x, slice(dy, n.list[0], first, wide));
            first += wide;
        }
    }
    static constexpr double macs(const node&, const node* const*) { return 0; }
};

}  // namespace tessera
