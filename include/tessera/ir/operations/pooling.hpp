// pooling: the largest element or the mean under a sliding window, channel by channel.
//
//   in      x (spatial..., C), one to three spatial axes
//   out     (spatial'..., C)
//
// Padding is never the largest. A mean divides by the window's size, or, where padding does not count, by the
// elements that it covers.
// Gradient    max: to the first largest element in row-major order, found again from x. Mean: exact, to any order.
// Cost        one comparison or addition a tap.
// Errors      a rank outside 2 to 4; a window larger than the padded input; one with no element under it.
#pragma once
#include <tessera/ir/operations/convolution.hpp>

namespace tessera::detail {

enum class padding_counts : int { no, yes };

struct pooling_attributes {
    window view;
    padding_counts counted;
};

// whether every window along an axis has an element under it. Those that begin among the elements have. The last one is
// looked at, and those that begin in the padding before, whose dilation may step over all elements.
constexpr bool covers(const window& w, int axis, int extent) {
    const long step = w.dilation[axis], latest = static_cast<long>(w.positions(axis, extent) - 1) * w.stride[axis];
    // a window whose first element is at `from`
    const auto misses = [&](long from) {
        if (from >= extent) return true;
        const long tap = from >= 0 ? 0 : (step - 1 - from) / step;  // the first that is not before the elements
        return tap >= w.kernel[axis] || from + tap * step >= extent;
    };
    if (misses(latest - w.before[axis])) return false;
    for (long p = 0; p <= latest && p < w.before[axis]; p += w.stride[axis])
        if (misses(p - w.before[axis])) return false;
    return true;
}

constexpr value pool_windows(op kind, value x, const window& w, padding_counts counted = padding_counts::yes) {
    if (!x.valid()) return x;
    const int spatial = x.rank() - 1;
    if (spatial < 1 || spatial > 3)
        return reject(*x.owner, text("an input (spatial..., channels) of rank 2 to 4"), x.shape().describe());
    if (!expects_fit(x, w, spatial)) return {x.owner, -1};
    int in[3];
    spatial_of(x.shape(), 1, in);
    node n;
    n.kind = kind;
    for (int i = 3 - spatial; i < 3; ++i) n.shape.push(w.positions(i, in[i]));
    n.shape.push(x.extent(-1));
    for (int i = 3 - spatial; i < 3; ++i)
        if (!covers(w, i, in[i]))
            return reject(*x.owner, text("windows that cover an element each"),
                          text("one in the padding of axis ") + (i - 3 + spatial), text("less padding"));
    return add_node(*x.owner, n, {x}, pooling_attributes{w, counted});
}

struct pooling_operation {
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }

    static constexpr convolution_geometry geometry(const graph_view& graph, const node& self) {
        convolution_geometry g{};
        const bool backward = self.kind == op::max_pool_input || self.kind == op::average_pool_input;
        spatial_of(backward ? self.shape : graph.operand(self, 0).shape, 1, g.in);
        g.in_channels = g.out_channels = g.groups = self.shape[-1];
        g.view = graph.attributes<pooling_attributes>(self).view;
        for (int a = 0; a < 3; ++a) g.out[a] = g.view.positions(a, g.in[a]);
        return g;
    }

    // f(tap offset in x, in elements of a channel) for each element under the window at p
    template <class F> static constexpr void under(const convolution_geometry& g, const int (&p)[3], F f) {
        for (int a = 0; a < g.view.kernel[0]; ++a)
            for (int b = 0; b < g.view.kernel[1]; ++b)
                for (int d = 0; d < g.view.kernel[2]; ++d) {
                    const int u = g.reads(0, p[0], a), v = g.reads(1, p[1], b), z = g.reads(2, p[2], d);
                    if (u >= 0 && v >= 0 && z >= 0) f((u * g.in[1] + v) * g.in[2] + z);
                }
    }
    static constexpr int divisor(padding_counts counted, const convolution_geometry& g, const int (&p)[3]) {
        int covered = 0;
        under(g, p, [&](int) { ++covered; });
        return counted == padding_counts::yes ? g.view.taps() : covered;
    }
    // the first NaN, if there is one
    template <class T>
    static constexpr int first_largest(const T* x, const convolution_geometry& g, const int (&p)[3]) {
        int best = -1;
        T largest = T(0);
        under(g, p, [&](int at) {
            const T v = x[at * g.in_channels];
            if (best >= 0 && !(largest < v) && (v == v || largest != largest)) return;
            best = at;
            largest = v;
        });
        return best;
    }

    template <class T> static constexpr void run(const call<T>& c, int item) {
        const auto g = geometry(c.graph, *c.self);
        const auto counted = c.template attributes<pooling_attributes>().counted;
        const int size = c.self->shape.size(), sample = item / size, channel = item % g.in_channels;
        const int place = item % size / g.in_channels;
        const T* x = c.x[0] + c.origin(0, sample) + channel;
        int p[3];
        if (c.self->kind == op::max_pool || c.self->kind == op::average_pool) {
            g.split(place, g.out, p);
            if (c.self->kind == op::max_pool) {
                c.y[item] = x[first_largest(x, g, p) * g.in_channels];
            } else {
                summation::running_sum<T> sum;
                under(g, p, [&](int at) { sum.add(x[at * g.in_channels]); });
                c.y[item] = sum.total() / static_cast<T>(divisor(counted, g, p));
            }
            return;
        }
        // gradients: gathered from every window that covers this element
        const bool largest = c.self->kind == op::max_pool_input;
        const T* dy = (largest ? c.x[1] + c.origin(1, sample) + channel : x);
        int q[3];
        g.split(place, g.in, q);
        summation::running_sum<T> sum;
        for (int a = 0; a < g.view.kernel[0]; ++a)
            for (int b = 0; b < g.view.kernel[1]; ++b)
                for (int d = 0; d < g.view.kernel[2]; ++d) {
                    p[0] = g.reader(0, q[0], a);
                    p[1] = g.reader(1, q[1], b);
                    p[2] = g.reader(2, q[2], d);
                    if (p[0] < 0 || p[1] < 0 || p[2] < 0) continue;
                    const T from = dy[((p[0] * g.out[1] + p[1]) * g.out[2] + p[2]) * g.in_channels];
                    if (!largest)
                        sum.add(from / static_cast<T>(divisor(counted, g, p)));
                    else if (first_largest(x, g, p) == place)
                        sum.add(from);
                }
        c.y[item] = sum.total();
    }

    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        const op kind = y.get().kind;
        const auto own = y.attributes<pooling_attributes>();
        const value x = y.argument(0);
        if (kind == op::average_pool_input) return t.add(x, pool_windows(op::average_pool, dy, own.view, own.counted));
        if (kind == op::max_pool_input) {
            if (t.wants(y.argument(1))) reject(*y.owner, text("one derivative of max pooling"), text("a second one"));
            return;
        }
        node d;
        d.kind = kind == op::max_pool ? op::max_pool_input : op::average_pool_input;
        d.shape = x.shape();
        t.add(x, kind == op::max_pool ? add_node(*y.owner, d, {x, dy}, own) : add_node(*y.owner, d, {dy}, own));
    }

    static constexpr double macs(const graph_view&, const node&) { return 0; }
};

}  // namespace tessera::detail
