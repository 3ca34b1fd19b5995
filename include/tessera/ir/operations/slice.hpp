// slice, reversed, padded: a box cut out of a value, and a value set into a larger box.
//
//   slice     element p of the result is element first + p * step of x, axis by axis; a step may be negative
//   reversed  the elements of an axis in the opposite order
//   padded    element first + p * step of the result is element p of x; all others are `fill`
//
// Each is the other's gradient.    Cost  one copy.
// Errors      an axis that x lacks; a box that leaves the value; a step of 0.
#pragma once
#include <tessera/ir/operations/reshape.hpp>

namespace tessera {

namespace detail {

struct slice_attributes {
    double fill;
    int first[max_rank], step[max_rank];
};

struct slice_box {
    extents first, shape, step;  // shape: of the smaller of both values
};

constexpr value place_box(op kind, value x, const slice_box& b, const extents& outer, double fill) {
    for (int a = 0; a < outer.rank; ++a) {
        const long one = b.first.size_of[a], other = one + (b.shape.size_of[a] - 1L) * b.step.size_of[a];
        const bool inside = one >= 0 && one < outer.size_of[a] && other >= 0 && other < outer.size_of[a];
        if (!inside || b.step.size_of[a] == 0 || b.shape.size_of[a] < 1)
            return reject(
                *x.owner, detail::within{"slice"}, text("a box inside ") + outer.describe().view(),
                text("from ") + b.first.describe().view() + std::string_view(" ") + b.shape.describe().view());
    }
    if (const int last = outer.rank - 1;
        !expects_whole_rows(within{"slice"}, x,
                            last < 0 || (b.step.size_of[last] == 1 && b.shape.size_of[last] == outer.size_of[last])))
        return {x.owner, -1};
    node n;
    n.kind = kind;
    n.shape = kind == op::slice ? b.shape : outer;
    slice_attributes own{fill, {}, {}};
    for (int a = 0; a < outer.rank; ++a) {
        own.first[a] = b.first.size_of[a];
        own.step[a] = b.step.size_of[a];
    }
    return add_node(*x.owner, n, {x}, own);
}

constexpr extents steps_of_one(int axis_count) {
    extents e;
    for (int a = 0; a < axis_count; ++a) e.push(1);
    return e;
}

}  // namespace detail

// count elements of one axis, from first on
constexpr value slice(value x, int axis, int first, int count, int step = 1) {
    if (!expects_axis(detail::within{"slice"}, x, axis)) return {x.owner, -1};
    detail::slice_box b{x.shape(), x.shape(), detail::steps_of_one(x.rank())};
    for (int a = 0; a < x.rank(); ++a) b.first.size_of[a] = 0;
    b.first[axis] = first;
    b.shape[axis] = count;
    b.step[axis] = step;
    if (b.shape == x.shape() && first == 0 && (step == 1 || (step != 0 && count == 1))) return x;
    return place_box(detail::op::slice, x, b, x.shape(), 0);
}
constexpr value reversed(value x, int axis) { return slice(x, axis, x.extent(axis) - 1, x.extent(axis), -1); }

// before and after each axis, `fill` set
constexpr value padded(value x, const extents& before, const extents& after, double fill = 0) {
    if (!x.valid()) return x;
    if (before.rank != x.rank() || after.rank != x.rank())
        return reject(*x.owner, detail::within{"slice"},
                      text("padding for each of ") + x.rank() + std::string_view(" axes"), before.describe());
    extents outer = x.shape();
    for (int a = 0; a < outer.rank; ++a) outer.size_of[a] += before.size_of[a] + after.size_of[a];
    return place_box(detail::op::pad, x, {before, x.shape(), detail::steps_of_one(x.rank())}, outer, fill);
}

namespace detail {

struct slice_operation {
    static constexpr bool moves = true;
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }
    template <class T> static constexpr void run(const call<T>& c, int item) {
        const extents &to = c.self->shape, &from = c.argument(0).shape;
        const auto own = c.template attributes<slice_attributes>();
        const position p = position::of(item % to.size(), to);
        const T* x = c.x[0] + c.origin(0, item / to.size());
        position q;
        bool inside = true;
        for (int a = 0; a < to.rank; ++a) {
            const int first = own.first[a], step = own.step[a];
            if (c.self->kind == op::slice) {
                q.at[a] = first + p.at[a] * step;
            } else {
                const int d = p.at[a] - first;
                q.at[a] = d / step;
                inside = inside && d % step == 0 && q.at[a] >= 0 && q.at[a] < from.size_of[a];
            }
        }
        c.y[item] = inside ? x[q.index(from)] : static_cast<T>(own.fill);
    }
    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        const node n = y.get();
        const auto own = y.attributes<slice_attributes>();
        const value x = y.argument(0);
        const bool cut = n.kind == op::slice;
        slice_box b{n.shape, cut ? n.shape : x.shape(), n.shape};
        for (int a = 0; a < n.shape.rank; ++a) {
            b.first.size_of[a] = own.first[a];
            b.step.size_of[a] = own.step[a];
        }
        t.add(x, place_box(cut ? op::pad : op::slice, dy, b, cut ? x.shape() : n.shape, 0));
    }
    static constexpr double macs(const graph_view&, const node&) { return 0; }
};

}  // namespace detail

}  // namespace tessera
