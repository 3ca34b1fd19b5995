// cumulative_sum: y_t = x_0 + ... + x_t along an axis.
//
//   cumulative_sum(x, axis)                        the last axis is -1
//   cumulative_sum(x, axis, {.exclusive = true})   without x_t itself: y_0 = 0
//   cumulative_sum(x, axis, {.reversed = true})    from the end: y_t = x_t + ... + x_(T-1)
//
// Gradient    exact: the cumulative sum that runs the other way.
// Cost        one pass over x, whatever T; no array of T x T. No vector kernel yet: simd shares the lines out over its
//             threads.
// Accuracy    of each element that of one addition, however long the axis: see running_sum.
// Errors      an axis that x does not have. A NaN reaches what comes after it, and nothing before.
#pragma once
#include <tessera/ir/call.hpp>
#include <tessera/ir/running_sum.hpp>
#include <tessera/ir/value.hpp>

namespace tessera {

struct cumulative_sum_options {
    bool exclusive = false, reversed = false;
};

namespace detail {

struct cumulative_sum_attributes {
    int axis, exclusive, reversed;
};

}  // namespace detail

constexpr value cumulative_sum(value x, int axis, cumulative_sum_options o = {}) {
    if (!expects_axis(detail::within{"cumulative_sum"}, x, axis)) return {x.owner, -1};
    if (x.extent(axis) == 1 && !o.exclusive && x.get().type == element::real) return x;
    detail::node n;
    n.kind = detail::op::cumulative_sum;
    n.shape = x.shape();
    return add_node(*x.owner, n, {x}, detail::cumulative_sum_attributes{x.shape().axis(axis), o.exclusive, o.reversed});
}

namespace detail {

struct cumulative_sum_operation {
    template <class T> static constexpr int items(const call<T>& c) {  // lines along the axis
        return c.elements() / c.self->shape[c.template attributes<cumulative_sum_attributes>().axis];
    }
    template <class T> static constexpr void run(const call<T>& c, int line) {
        const auto [axis, exclusive, reversed] = c.template attributes<cumulative_sum_attributes>();
        const long length = c.self->shape[axis], stride = c.self->shape.stride(axis);
        const long step = reversed != 0 ? -stride : stride;
        long at = line / stride * stride * length + line % stride + (reversed != 0 ? (length - 1) * stride : 0);
        summation::running_sum<T> sum;
        for (long i = 0; i < length; ++i, at += step) {
            if (exclusive != 0) c.y[at] = sum.total();
            sum.add(c.x[0][at]);
            if (exclusive == 0) c.y[at] = sum.total();
        }
    }
    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        const auto own = y.attributes<cumulative_sum_attributes>();
        t.add(y.argument(0), cumulative_sum(dy, own.axis, {own.exclusive != 0, own.reversed == 0}));
    }
    static constexpr double macs(const graph_view&, const node&) { return 0; }
};

}  // namespace detail

}  // namespace tessera
