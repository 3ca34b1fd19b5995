// take_along_axis: elements of an axis by an index of their own for each place.
//
//   take_along_axis(x, index, axis)   x (..., E, ...), index (..., K, ...) equal but on the axis, to (..., K, ...)
//   add_along_axis(x, index, count, axis)   x and index (..., K, ...) to (..., count, ...): each element of x is added up
//                                     where its index says
//   pick(x, index)                    x (..., C), index (...) to (...): one element of each row
//   pick(x, index, ignored)           as well, and 0 where the index is `ignored`, in range or not
//
//   numpy's take_along_axis, PyTorch's gather, ONNX's GatherElements.
//
// Gradient    to x, added up where elements came from; to the index none.
// Cost        one pass over the result; one over x for the gradient.
// Errors      an index that is not of element int32; extents that differ on another axis; an axis that x lacks; an index
//             that may leave the axis: see gather.
#pragma once
#include <optional>
#include <tessera/ir/operations/gather.hpp>

namespace tessera {

namespace detail {

struct take_along_attributes {
    int axis;
    int ignores, ignored;  // whether there is a number that stands for no element, and which
};

constexpr value take_along(value x, value index, const take_along_attributes& own) {
    if (index.batched() && !x.batched()) x = broadcast_to(x, x.shape(), true);
    node n;
    n.kind = op::take_along;
    n.shape = index.shape();
    return add_node(*x.owner, n, {x, index}, own);
}

// base, or 0 where there is none, and added to it dy where the index says; of the shape of x
constexpr value add_along(value dy, value index, const extents& shape, const take_along_attributes& own,
                          value base = {}) {
    node n;
    n.kind = op::add_along;
    n.shape = shape;
    return base.valid() ? add_node(*dy.owner, n, {dy, index, base}, own) : add_node(*dy.owner, n, {dy, index}, own);
}

constexpr extents without_axis(const extents& e, int axis) {
    extents kept;
    for (int a = 0; a < e.rank; ++a)
        if (a != e.axis(axis)) kept.push(e.size_of[a]);
    return kept;
}

// an axis of x, and what is an index
constexpr bool expects_along(within w, value x, value index, int axis) {
    if (!x.valid() || !index.valid() || !expects_axis(w, x, axis)) return false;
    if (index.get().type == element::int32) return true;
    reject(*x.owner, w, text("an index of element int32"), text("real numbers"), text("to_index(x, count)"));
    return false;
}

}  // namespace detail

constexpr value take_along_axis(value x, value index, int axis = -1) {
    const detail::within here{"take_along_axis"};
    if (!detail::expects_along(here, x, index, axis) || !expects_whole_rows(here, x, false)) return {x.owner, -1};
    extents wanted = x.shape();
    if (index.rank() == x.rank()) wanted[axis] = index.extent(axis);
    if (!(wanted == index.shape()))
        return reject(*x.owner, here,
                      text("an index whose shape differs from ") + x.shape().describe().view() +
                          std::string_view(" on the axis alone"),
                      index.shape().describe());
    if (!expects_below(here, index, x.extent(axis))) return {x.owner, -1};
    return detail::take_along(x, index, {x.shape().axis(axis), 0, 0});
}

constexpr value add_along_axis(value x, value index, int count, int axis = -1) {
    const detail::within here{"add_along_axis"};
    if (!detail::expects_along(here, x, index, axis)) return {x.owner, -1};
    if (!(x.shape() == index.shape()))
        return reject(*x.owner, here, text("an index for each element of ") + x.shape().describe().view(),
                      index.shape().describe());
    if (count < 1) return reject(*x.owner, here, text("at least 1 place to add to"), text() + count);
    if (!expects_below(here, index, count)) return {x.owner, -1};
    extents shape = x.shape();
    shape[axis] = count;
    return detail::add_along(x, index, shape, {x.shape().axis(axis), 0, 0});
}

constexpr value pick(value x, value index, std::optional<std::int32_t> ignored = {}) {
    const detail::within here{"pick"};
    if (!x.valid() || !index.valid() || !detail::expects_index(index) || !expects_axis(here, x, -1))
        return {x.owner, -1};
    if (!(detail::without_axis(x.shape(), -1) == index.shape()))
        return reject(*x.owner, here, text("an index for each row of ") + x.shape().describe().view(),
                      index.shape().describe());
    if (!expects_below(here, index, x.extent(-1))) return {x.owner, -1};
    extents rows = index.shape();
    rows.push(1);
    const detail::take_along_attributes own{x.rank() - 1, ignored.has_value(), ignored.value_or(0)};
    return reshape(detail::take_along(x, reshape(index, rows), own), index.shape());
}

namespace detail {

struct take_along_operation {
    static constexpr bool moves = true;
    // of add_along: lines of the axis
    template <class T> static constexpr int items(const call<T>& c) {
        return c.self->kind == op::take_along ? c.elements() : c.elements() / axis_of(c).extent;
    }
    template <class T> static constexpr void run(const call<T>& c, int item) {
        if constexpr (std::is_floating_point_v<T>)
            if (c.self->kind == op::add_along) return add_line(c, item);
        const auto own = c.template attributes<take_along_attributes>();
        const axis a = axis_of(c);
        const int size = c.self->shape.size(), sample = item / size, at = item % size;
        const int index = c.index[1][c.origin(1, sample) + at];
        if (own.ignores != 0 && index == own.ignored) {
            c.y[item] = T(0);
            return;
        }
        const int outer = at / (a.extent * a.inner), inner = at % a.inner;
        const int from = c.argument(0).shape.size_of[own.axis];
        c.y[item] = c.x[0][c.origin(0, sample) + (outer * from + index) * a.inner + inner];
    }
    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        const auto own = y.attributes<take_along_attributes>();
        const value index = y.argument(1);
        if (y.get().kind == op::take_along) {
            const value x = y.argument(0);
            if (t.wants(x)) t.add(x, add_along(dy, index, x.shape(), own));
            return;
        }
        if (t.wants(y.argument(0))) t.add(y.argument(0), take_along(dy, index, own));
        if (y.get().argument_count > 2) t.add(y.argument(2), dy);
    }
    static constexpr double macs(const graph_view&, const node&) { return 0; }

  private:
    struct axis {
        int extent, inner;  // of the result; elements between two neighbours of it
    };
    template <class T> static constexpr axis axis_of(const call<T>& c) {
        const int a = c.template attributes<take_along_attributes>().axis;
        return {c.self->shape.size_of[a], c.self->shape.stride(a)};
    }
    template <class T> static constexpr void add_line(const call<T>& c, int line) {
        const auto own = c.template attributes<take_along_attributes>();
        const axis a = axis_of(c);
        const int lines = c.self->shape.size() / a.extent, sample = line / lines, outer = line % lines / a.inner;
        const int inner = line % a.inner, many = c.argument(1).shape.size_of[own.axis];
        T* const y = c.y + sample * c.self->shape.size() + outer * a.extent * a.inner + inner;
        if (c.self->argument_count == 2)
            for (int i = 0; i < a.extent; ++i) y[i * a.inner] = T(0);
        else if (const T* base = c.x[2] + c.origin(2, sample) + outer * a.extent * a.inner + inner; base != y)
            for (int i = 0; i < a.extent; ++i) y[i * a.inner] = base[i * a.inner];
        for (int k = 0; k < many; ++k) {
            const int at = (outer * many + k) * a.inner + inner, index = c.index[1][c.origin(1, sample) + at];
            if (own.ignores == 0 || index != own.ignored) y[index * a.inner] += c.x[0][c.origin(0, sample) + at];
        }
    }
};

}  // namespace detail

}  // namespace tessera
