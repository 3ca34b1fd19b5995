// arg_top_k: where the k largest elements of an axis are, the largest first.
//
//   arg_top_k(x, k, axis)   x (..., E, ...) to whole numbers (..., k, ...); among equals the first comes first
//   arg_max(x, axis)        (...): without the axis
//   arg_min(x, axis)        of the smallest
//   arg_sort(x, axis)       the order in which the elements rise; equals in the order in which they stand
//
//   The last axis is -1, and what is taken where none is given. NaN is below all numbers, as in the metrics: it is never
//   the largest, and arg_sort and arg_min have it last.
//
// Gradient    none. take_along_axis(x, arg_top_k(x, k)) has that of the elements: see take_along.hpp for top_k and sort.
// Cost        E comparisons for k = 1, else E log k at most; two copies of the axes where it is not the last.
// Errors      an axis that x lacks; k below 1 or above the extent.
#pragma once
#include <algorithm>
#include <tessera/ir/operations/permute.hpp>

namespace tessera {

namespace detail {

constexpr value arg_top_k_of_last(value x, int k) {
    node n;
    n.kind = op::arg_top_k;
    n.type = element::int32;
    n.shape = x.shape();
    n.shape[-1] = k;
    return add_node(*x.owner, n, {x});
}

constexpr extents without_axis(const extents& e, int axis) {
    extents kept;
    for (int a = 0; a < e.rank; ++a)
        if (a != e.axis(axis)) kept.push(e.size_of[a]);
    return kept;
}

}  // namespace detail

constexpr value arg_top_k(value x, int k, int axis = -1) {
    const detail::within here{"arg_top_k"};
    if (!expects_axis(here, x, axis)) return {x.owner, -1};
    if (k < 1 || k > x.extent(axis))
        return reject(*x.owner, here, text("a count from 1 to ") + x.extent(axis), text() + k);
    const int own = x.shape().axis(axis), end = x.rank() - 1;
    if (own == end) return detail::arg_top_k_of_last(x, k);
    detail::permutation order;
    for (int a = 0; a <= end; ++a) order.push(a == own ? end : a == end ? own : a);
    const value y = permute(x, order);
    return y.valid() ? permute(detail::arg_top_k_of_last(y, k), order) : y;
}
constexpr value arg_max(value x, int axis = -1) {
    const value y = arg_top_k(x, 1, axis);
    return y.valid() ? reshape(y, detail::without_axis(y.shape(), axis)) : y;
}
constexpr value arg_min(value x, int axis = -1) { return x.valid() ? arg_max(-x, axis) : x; }
constexpr value arg_sort(value x, int axis = -1) {
    if (!expects_axis(detail::within{"arg_sort"}, x, axis)) return {x.owner, -1};
    return arg_top_k(-x, x.extent(axis), axis);
}

namespace detail {

struct arg_top_k_operation {
    template <class T> static constexpr int items(const call<T>& c) {  // rows
        return c.elements() / c.self->shape[-1];
    }
    template <class T> static constexpr void run(const call<T>& c, int row) {
        const int count = c.argument(0).shape[-1], k = c.self->shape[-1];
        find(c.x[0] + static_cast<long>(row) * count, count, c.index_y + static_cast<long>(row) * k, k);
    }
    template <class Tape> static constexpr void gradient(Tape&, value, value) {}
    static constexpr double macs(const graph_view&, const node&) { return 0; }

    template <class T> static constexpr void find(const T* x, int count, std::int32_t* y, int k) {
        const auto before = [x](std::int32_t a, std::int32_t b) {
            const T u = x[a], v = x[b];
            if (u > v || v > u) return u > v;
            const bool number = u == u;
            return number != (v == v) ? number : a < b;
        };
        if (k == 1) {
            y[0] = 0;
            for (int i = 1; i < count; ++i)
                if (before(i, y[0])) y[0] = i;
            return;
        }
        for (int i = 0; i < k; ++i) y[i] = i;
        std::make_heap(y, y + k, before);  // the last of the best k stands first
        for (int i = k; i < count; ++i)
            if (before(i, y[0])) {
                std::pop_heap(y, y + k, before);
                y[k - 1] = i;
                std::push_heap(y, y + k, before);
            }
        std::sort_heap(y, y + k, before);
    }
};

}  // namespace detail

}  // namespace tessera
