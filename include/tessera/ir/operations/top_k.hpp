// top_k: the k largest elements of an axis, the largest first, and where they are.
//
//   top_k(x, k, axis)       x (..., E, ...) to .values and .indices (..., k, ...), the latter whole numbers; among equals
//                           the first comes first
//   arg_top_k(x, k, axis)   the indices alone
//   arg_max(x, axis)        (...): without the axis
//   arg_min(x, axis)        of the smallest
//   sort(x, axis)           .values as they rise, and .indices; equals in the order in which they stand
//   arg_sort(x, axis)       the indices alone
//
//   The last axis is -1, and what is taken where none is given. NaN is below all numbers, as in the metrics: it is never
//   the largest, and arg_sort and arg_min have it last.
//
// Both are results of one operation: what nobody reads of them is not made.
//
// Gradient    that of the values, added up where they came from; of the indices none.
// Cost        E comparisons for k = 1, else E log k at most; copies of the axes where it is not the last.
// Errors      an axis that x lacks; k below 1 or above the extent.
#pragma once
#include <algorithm>
#include <tessera/ir/operations/permute.hpp>
#include <tessera/ir/operations/result.hpp>
#include <tessera/ir/operations/take_along.hpp>

namespace tessera {

struct sorted_values {
    value values, indices;
};

namespace detail {

constexpr sorted_values top_k_of_last(value x, int k) {
    node n;
    n.kind = op::top_k;
    n.shape = x.shape();
    n.shape[-1] = k;
    const value y = add_node(*x.owner, n, {x});
    return {y, result_of(y, 1, n.shape, element::int32)};
}

constexpr sorted_values top_k(within here, value x, int k, int axis) {
    const sorted_values none{{x.owner, -1}, {x.owner, -1}};
    if (!expects_axis(here, x, axis)) return none;
    if (k < 1 || k > x.extent(axis)) {
        reject(*x.owner, here, text("a count from 1 to ") + x.extent(axis), text() + k);
        return none;
    }
    const int own = x.shape().axis(axis), end = x.rank() - 1;
    if (own == end) return top_k_of_last(x, k);
    permutation order;
    for (int a = 0; a <= end; ++a) order.push(a == own ? end : a == end ? own : a);
    const value turned = permute(x, order);
    if (!turned.valid()) return none;
    const sorted_values y = top_k_of_last(turned, k);
    return {permute(y.values, order), permute(y.indices, order)};
}

}  // namespace detail

constexpr sorted_values top_k(value x, int k, int axis = -1) { return top_k(detail::within{"top_k"}, x, k, axis); }
constexpr value arg_top_k(value x, int k, int axis = -1) {
    return top_k(detail::within{"arg_top_k"}, x, k, axis).indices;
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
constexpr sorted_values sort(value x, int axis = -1) {
    if (!expects_axis(detail::within{"sort"}, x, axis)) return {{x.owner, -1}, {x.owner, -1}};
    const sorted_values falling = top_k(-x, x.extent(axis), axis);
    return {falling.values.valid() ? -falling.values : falling.values, falling.indices};
}

namespace detail {

// Where elements stand, in the memory of another number: while values alone are sorted out, each is an index until the
// end. As bits, which are only moved.
template <class Slot> struct index_slot {
    using bits = std::conditional_t<sizeof(Slot) == sizeof(std::int32_t), std::int32_t, std::int64_t>;
    static constexpr Slot of(int i) { return std::bit_cast<Slot>(static_cast<bits>(i)); }
    static constexpr int read(Slot s) { return static_cast<int>(std::bit_cast<bits>(s)); }
};

struct top_k_operation {
    template <class T> static constexpr int items(const call<T>& c) {  // rows
        return c.samples() * c.self->shape.size() / c.self->shape[-1];
    }
    template <class T> static constexpr void run(const call<T>& c, int row) {
        const int count = c.argument(0).shape[-1], k = c.self->shape[-1];
        std::int32_t* const indices = c.index_result(1);
        find_row(c.x[0], count, c.y, indices, k, row);
    }
    // a row of both results, of which one may be null
    template <class T>
    static constexpr void find_row(const T* x, int count, T* values, std::int32_t* indices, int k, int row) {
        x += static_cast<long>(row) * count;
        if (values != nullptr) values += static_cast<long>(row) * k;
        if (indices == nullptr) {
            find(x, count, values, k);
            for (int i = 0; i < k; ++i) values[i] = x[index_slot<T>::read(values[i])];
            return;
        }
        indices += static_cast<long>(row) * k;
        find(x, count, indices, k);
        for (int i = 0; i < k && values != nullptr; ++i) values[i] = x[indices[i]];
    }
    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        const value x = y.argument(0);
        if (!dy.valid() || !t.wants(x)) return;
        const value indices = result_of(y, 1, y.shape(), element::int32);
        t.add(x, add_along(dy, indices, x.shape(), {x.rank() - 1, 0, 0}));
    }
    static constexpr double macs(const graph_view&, const node&) { return 0; }

  private:
    // y: where the k largest are, each in a slot
    template <class T, class Slot> static constexpr void find(const T* x, int count, Slot* y, int k) {
        using slot = index_slot<Slot>;
        const auto before = [x](Slot a, Slot b) {
            const int i = slot::read(a), j = slot::read(b);
            const T u = x[i], v = x[j];
            if (u > v || v > u) return u > v;
            const bool number = u == u;
            return number != (v == v) ? number : i < j;
        };
        if (k == 1) {
            y[0] = slot::of(0);
            for (int i = 1; i < count; ++i)
                if (before(slot::of(i), y[0])) y[0] = slot::of(i);
            return;
        }
        for (int i = 0; i < k; ++i) y[i] = slot::of(i);
        std::make_heap(y, y + k, before);  // the last of the best k stands first
        for (int i = k; i < count; ++i)
            if (before(slot::of(i), y[0])) {
                std::pop_heap(y, y + k, before);
                y[k - 1] = slot::of(i);
                std::push_heap(y, y + k, before);
            }
        std::sort_heap(y, y + k, before);
    }
};

}  // namespace detail

}  // namespace tessera
