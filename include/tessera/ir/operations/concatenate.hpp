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

namespace detail {

struct concatenate_attributes {
    int axis;
};

}  // namespace detail

constexpr value concatenate(const value* parts, int count, int axis = -1) {
    const value first = *parts;
    if (!expects_axis(detail::within{"concatenate"}, first, axis)) return {first.owner, -1};
    if (count == 1) return first;
    if (!expects_whole_rows(detail::within{"concatenate"}, first, first.shape().axis(axis) != first.rank() - 1))
        return {first.owner, -1};
    detail::node n;
    n.kind = detail::op::concatenate;
    n.shape = first.shape();
    n.shape[axis] = 0;
    const detail::concatenate_attributes own{n.shape.axis(axis)};
    for (int k = 0; k < count; ++k) {
        if (!parts[k].valid()) return {first.owner, -1};
        extents other = parts[k].shape();
        if (other.rank == n.shape.rank) other[axis] = first.extent(axis);
        if (!(other == first.shape()))
            return reject(*first.owner, detail::within{"concatenate"},
                          text("parts that differ on axis ") + own.axis + std::string_view(" only"),
                          first.shape().describe() + std::string_view(" and ") + parts[k].shape().describe().view());
        n.shape[axis] += parts[k].extent(axis);
    }
    if (count > detail::max_arguments) {  // of many, what a node takes, again and again
        detail::list<value> joined;
        for (int k = 0; k < count; k += detail::max_arguments)
            joined.push_back(
                concatenate(parts + k, count - k < detail::max_arguments ? count - k : detail::max_arguments, axis));
        return concatenate(joined.data(), static_cast<int>(joined.size()), axis);
    }
    return add_node(*first.owner, n, parts, count, own);
}
// parts: std::vector<value> or the like
template <class Values>
    requires requires(const Values& v) { static_cast<const value*>(v.data()); }
constexpr value concatenate(const Values& parts, int axis) {
    return concatenate(parts.data(), static_cast<int>(parts.size()), axis);
}
constexpr value concatenate(std::initializer_list<value> parts, int axis = -1) {
    return concatenate(parts.begin(), static_cast<int>(parts.size()), axis);
}

namespace detail {

struct concatenate_operation {
    static constexpr bool moves = true;
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }
    template <class T> static constexpr void run(const call<T>& c, int item) {
        const extents& to = c.self->shape;
        const int axis = c.template attributes<concatenate_attributes>().axis;
        position p = position::of(item % to.size(), to);
        int part = 0;
        while (p.at[axis] >= c.argument(part).shape.size_of[axis]) p.at[axis] -= c.argument(part++).shape.size_of[axis];
        c.y[item] = c.x[part][c.origin(part, item / to.size()) + p.index(c.argument(part).shape)];
    }
    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        const int axis = y.attributes<concatenate_attributes>().axis, count = y.get().argument_count;
        int first = 0;
        for (int k = 0; k < count; ++k) {
            const value x = y.argument(k);
            const int wide = x.extent(axis);
            if (t.wants(x)) t.add(x, slice(dy, axis, first, wide));
            first += wide;
        }
    }
    static constexpr double macs(const graph_view&, const node&) { return 0; }
};

}  // namespace detail

}  // namespace tessera
