// softmax, log_softmax over the last axis: y = exp(x - m) / sum exp(x - m), m the largest of the row, and its
// logarithm. Over another axis, that axis and the last change places for it.
//
// A row whose elements are all -infinity has nothing to share out: its softmax is 0, and the logarithm of that
// -infinity. So a row of scores that a mask hides as a whole takes nothing from what it would weigh.
// Gradient    exact, from y alone.    Cost  one exp an element, three passes over a row. Over another axis two copies
//             more, unless all axes after it have extent 1.
// Errors      an axis that x does not have. Rank 0 is one row of one element.
#pragma once
#include <limits>
#include <tessera/ir/operations/permute.hpp>
#include <tessera/ir/operations/reduce.hpp>
#include <tessera/ir/running_sum.hpp>

namespace tessera::detail {

constexpr value softmax_over_last(op kind, value x) {
    if (!x.valid()) return x;
    node n;
    n.kind = kind;
    n.shape = x.shape();
    return add_node(*x.owner, n, {x});
}

constexpr value softmax_over(op kind, value x, int axis) {
    if (!expects_axis(detail::within{"softmax"}, x, axis)) return {x.owner, -1};
    const extents shape = x.shape();
    const int own = shape.axis(axis);
    if (shape.stride(own) == 1) {  // its rows stand in memory as those of the last axis do
        extents rows = shape;
        rows.rank = own + 1;
        return reshape(softmax_over_last(kind, reshape(x, rows)), shape);
    }
    permutation order;
    for (int a = 0; a < shape.rank; ++a) order.push(a);
    order[own] = shape.rank - 1;
    order[-1] = own;
    return permute(softmax_over_last(kind, permute(x, order)), order);
}

struct softmax_operation {
    template <class T> static constexpr int items(const call<T>& c) {  // rows
        return c.samples() * c.self->shape.product(0, c.self->shape.rank - 1);
    }
    template <class T> static constexpr void run(const call<T>& c, int row) {
        const int n = c.self->shape.rank == 0 ? 1 : c.self->shape[-1];
        const T* x = c.x[0] + static_cast<long>(row) * n;
        T* y = c.y + static_cast<long>(row) * n;
        T top = x[0];
        summation::running_sum<T> sum;
        for (int i = 1; i < n; ++i) top = evaluate(scalar_function::maximum, top, x[i]);
        const bool logarithm = c.self->kind == op::log_softmax, none = top == -std::numeric_limits<T>::infinity();
        if (none) top = T(0);
        for (int i = 0; i < n; ++i) {
            const T e = evaluate(scalar_function::exponential, x[i] - top);
            sum.add(e);
            y[i] = logarithm ? x[i] - top : e;
        }
        const T total = sum.total();
        const T shift = none ? T(!logarithm) : logarithm ? evaluate(scalar_function::logarithm, total) : total;
        for (int i = 0; i < n; ++i) y[i] = logarithm ? y[i] - shift : y[i] / shift;
    }
    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        const value x = y.argument(0);
        const unsigned mask = last.of(y.rank());
        if (y.get().kind == op::softmax)
            t.add(x, y * (dy - reduce(op::sum, dy * y, mask)));
        else
            t.add(x, dy - exp(y) * reduce(op::sum, dy, mask));
    }
    static constexpr double macs(const graph_view&, const node&) { return 0; }
};

}  // namespace tessera::detail
