// resample: one axis brought to another extent by a linear map with few non-zeros a row.
//
//   linear         between the two nearest elements; end points mapped onto each other when corners align
//   adaptive mean  element i is the mean of elements floor(i n / m) to ceil((i + 1) n / m) - 1
//
// Gradient    the transposed map, to any order.    Cost  the non-zeros of the map.
// Errors      an axis that x lacks; an extent below 1.
#pragma once
#include <tessera/ir/operations/reshape.hpp>
#include <tessera/ir/running_sum.hpp>

namespace tessera::detail {

enum class resampling : int { linear, linear_aligned, adaptive_mean };

// Row i of the map from n elements to m: weights of the elements first, first + 1, ..., end - 1.
struct resampling_row {
    int first, end;
    double at_first, others;

    static constexpr resampling_row of(resampling kind, int n, int m, int i) {
        if (kind == resampling::adaptive_mean) {
            const int first = static_cast<int>(static_cast<long>(i) * n / m);
            const int end = static_cast<int>((static_cast<long>(i + 1) * n + m - 1) / m);
            return {first, end, 1.0 / (end - first), 1.0 / (end - first)};
        }
        double at = kind == resampling::linear_aligned ? (m > 1 ? static_cast<double>(i) * (n - 1) / (m - 1) : 0)
                                                       : (i + 0.5) * n / m - 0.5;
        if (at < 0) at = 0;
        const int first = static_cast<int>(at) < n - 1 ? static_cast<int>(at) : n - 1;
        const double t = first == n - 1 ? 0 : at - first;
        return {first, first + (t > 0 ? 2 : 1), 1 - t, t};
    }
    constexpr double weight(int j) const { return j < first || j >= end ? 0 : j == first ? at_first : others; }
};

struct resample_attributes {
    int axis;
    resampling kind;
    int transposed;
};

constexpr value resample(value x, int axis, int extent, resampling kind, bool transposed = false) {
    if (!expects_axis(detail::within{"resample"}, x, axis)) return {x.owner, -1};
    if (extent == x.extent(axis) && kind != resampling::linear_aligned) return x;
    if (extent < 1)
        return reject(*x.owner, detail::within{"resample"}, text("an extent of at least 1"), text("") + extent);
    node n;
    n.kind = op::resample;
    n.shape = x.shape();
    n.shape[axis] = extent;
    return add_node(*x.owner, n, {x}, resample_attributes{n.shape.axis(axis), kind, transposed});
}

struct resample_operation {
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }
    template <class T> static constexpr void run(const call<T>& c, int item) {
        const extents &to = c.self->shape, &from = c.argument(0).shape;
        const auto [axis, kind, transposed] = c.template attributes<resample_attributes>();
        const int n = from.size_of[axis], m = to.size_of[axis];
        position p = position::of(item % to.size(), to);
        const int i = p.at[axis];
        p.at[axis] = 0;
        const T* x = c.x[0] + c.origin(0, item / to.size()) + p.index(from);
        const long step = from.stride(axis);
        summation::running_sum<T> sum;
        if (transposed == 0) {
            const auto row = resampling_row::of(kind, n, m, i);
            for (int j = row.first; j < row.end; ++j) sum.add(static_cast<T>(row.weight(j)) * x[j * step]);
        } else {
            for (int j = 0; j < n; ++j)
                if (const double w = resampling_row::of(kind, m, n, j).weight(i); w != 0)
                    sum.add(static_cast<T>(w) * x[j * step]);
        }
        c.y[item] = sum.total();
    }
    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        const auto [axis, kind, transposed] = y.attributes<resample_attributes>();
        const value x = y.argument(0);
        t.add(x, resample(dy, axis, x.extent(axis), kind, transposed == 0));
    }
    static constexpr double macs(const graph_view&, const node&) { return 0; }
};

}  // namespace tessera::detail
