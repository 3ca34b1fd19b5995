// convolution in one to three dimensions, and its two gradients, each of which is linear in both arguments.
//
//   convolution          x (spatial..., C), weight (kernel..., C / groups, O)  ->  (spatial'..., O)
//   convolution_backward_data    dy (spatial'..., O), weight  ->  (spatial..., C): also the transposed convolution
//   convolution_backward_filter   x, dy  ->  weight
//
// It is a cross-correlation, as in every framework: y[p][o] = sum over taps t and channels c of
// x[p * stride + t * dilation - before][c] weight[t][c][o]; o belongs to group o / (O / groups).
// Gradient    exact, to any order.
// Cost        |spatial'| |kernel| C / groups O multiply-adds, for each of the three.
// Errors      a rank other than spatial + 1; groups that do not divide; a kernel larger than the padded input.
#pragma once
#include <tessera/ir/call.hpp>
#include <tessera/ir/running_sum.hpp>
#include <tessera/ir/value.hpp>
#include <tessera/ir/window.hpp>

namespace tessera {

namespace detail {

// Extents seen as (depth, height, width): missing leading axes are 1.
constexpr void spatial_of(const extents& e, int trailing, int (&out)[3]) {
    const int count = e.rank - trailing;
    for (int i = 0; i < 3; ++i) out[i] = i < 3 - count ? 1 : e.size_of[i - (3 - count)];
}

struct convolution_attributes {
    window view;
    int groups;
};

constexpr value convolve(op kind, value a, value b, const window& w, int groups, const extents& shape, bool shared) {
    if (!a.valid() || !b.valid()) return {a.owner, -1};
    node n;
    n.kind = kind;
    n.shape = shape;
    const convolution_attributes own{w, groups};
    return shared ? add_summed_node(*a.owner, n, {a, b}, own) : add_node(*a.owner, n, {a, b}, own);
}

// the window's fit: false, and recorded, when a kernel is larger than what it slides over
constexpr bool expects_fit(value x, const window& w, int spatial) {
    int in[3];
    spatial_of(x.shape(), 1, in);
    for (int i = 3 - spatial; i < 3; ++i)
        if (w.positions(i, in[i]) < 1) {
            reject(*x.owner, detail::within{"convolution"},
                   text("at least ") + w.span(i) + std::string_view(" elements on axis ") + (i - (3 - spatial)),
                   text("") + (in[i] + w.before[i] + w.after[i]) + std::string_view(" with padding, of ") +
                       x.shape().describe().view(),
                   text("a smaller kernel, or padding"));
            return false;
        }
    return true;
}

}  // namespace detail

constexpr value convolution(value x, const detail::operand& weight, const detail::window& w, int groups = 1) {
    graph& g = *x.owner;
    const value k = weight.in(g);
    if (!x.valid() || !k.valid()) return {&g, -1};
    const int spatial = x.rank() - 1;
    if (spatial < 1 || spatial > 3)
        return reject(g, detail::within{"convolution"}, text("an input (spatial..., channels) of rank 2 to 4"),
                      x.shape().describe());
    if (k.rank() != spatial + 2)
        return reject(g, detail::within{"convolution"}, text("a weight of rank ") + (spatial + 2),
                      k.shape().describe());
    if (groups < 1 || x.extent(-1) % groups != 0 || k.extent(-1) % groups != 0)
        return reject(g, detail::within{"convolution"},
                      text("channels divisible by ") + groups + std::string_view(" groups"),
                      text("") + x.extent(-1) + std::string_view(" in, ") + k.extent(-1) + std::string_view(" out"));
    if (k.extent(-2) * groups != x.extent(-1))
        return reject(g, detail::within{"convolution"},
                      text("") + k.extent(-2) * groups + std::string_view(" channels"), x.shape().describe());
    if (!expects_fit(x, w, spatial)) return {&g, -1};
    int in[3];
    detail::spatial_of(x.shape(), 1, in);
    extents shape;
    for (int i = 3 - spatial; i < 3; ++i) shape.push(w.positions(i, in[i]));
    shape.push(k.extent(-1));
    return convolve(detail::op::convolution, x, k, w, groups, shape, false);
}

namespace detail {

// Every visit (position p of y, tap t, position q of x) that stays inside x.
struct convolution_geometry {
    int in[3], out[3];
    int in_channels, out_channels, groups;
    window view;

    static constexpr convolution_geometry of(const graph_view& graph, const node& self) {
        convolution_geometry g{};
        const node &first = graph.operand(self, 0), &second = graph.operand(self, 1);
        const auto own = graph.attributes<convolution_attributes>(self);
        const bool forward = self.kind == op::convolution, input = self.kind == op::convolution_backward_data;
        const extents& x = input ? self.shape : first.shape;
        const extents& y = forward ? self.shape : input ? first.shape : second.shape;
        spatial_of(x, 1, g.in);
        spatial_of(y, 1, g.out);
        g.in_channels = x[-1];
        g.out_channels = y[-1];
        g.groups = own.groups;
        g.view = own.view;
        return g;
    }
    // row-major coordinates of a place among extents e
    static constexpr void split(int index, const int (&e)[3], int (&p)[3]) {
        p[2] = index % e[2];
        p[1] = index / e[2] % e[1];
        p[0] = index / e[2] / e[1];
    }
    constexpr int group_in() const { return in_channels / groups; }
    constexpr int group_out() const { return out_channels / groups; }

    // where tap t of axis a at position p reads, -1 outside
    constexpr int reads(int a, int p, int t) const {
        const int q = p * view.stride[a] + t * view.dilation[a] - view.before[a];
        return q >= 0 && q < in[a] ? q : -1;
    }
    // which position of axis a reads q with tap t, -1 for none
    constexpr int reader(int a, int q, int t) const {
        const int d = q + view.before[a] - t * view.dilation[a];
        return d >= 0 && d % view.stride[a] == 0 && d / view.stride[a] < out[a] ? d / view.stride[a] : -1;
    }
};

struct convolution_operation {
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }

    template <class T> static constexpr void run(const call<T>& c, int item) {
        const auto g = convolution_geometry::of(c.graph, *c.self);
        const int size = c.self->shape.size(), sample = item / size, index = item % size;
        if (c.self->kind == op::convolution)
            c.y[item] = forward(c, g, sample, index);
        else if (c.self->kind == op::convolution_backward_data)
            c.y[item] = input(c, g, sample, index);
        else
            c.y[item] = weight(c, g, sample, index);
    }

    template <class T>
    static constexpr T forward(const call<T>& c, const convolution_geometry& g, int sample, int index) {
        const T *x = c.x[0] + c.origin(0, sample), *w = c.x[1] + c.origin(1, sample);
        const int o = index % g.out_channels, ci = g.group_in(), first = o / g.group_out() * ci;
        int p[3];
        g.split(index / g.out_channels, g.out, p);
        summation::running_sum<T> sum;
        for (int a = 0; a < g.view.kernel[0]; ++a)
            for (int b = 0; b < g.view.kernel[1]; ++b)
                for (int d = 0; d < g.view.kernel[2]; ++d) {
                    const int u = g.reads(0, p[0], a), v = g.reads(1, p[1], b), z = g.reads(2, p[2], d);
                    if (u < 0 || v < 0 || z < 0) continue;
                    const T* from = x + ((u * g.in[1] + v) * g.in[2] + z) * g.in_channels + first;
                    const T* by = w + ((a * g.view.kernel[1] + b) * g.view.kernel[2] + d) * ci * g.out_channels + o;
                    for (int k = 0; k < ci; ++k) sum.add(from[k] * by[k * g.out_channels]);
                }
        return sum.total();
    }

    template <class T>
    static constexpr T input(const call<T>& c, const convolution_geometry& g, int sample, int index) {
        const T *dy = c.x[0] + c.origin(0, sample), *w = c.x[1] + c.origin(1, sample);
        const int channel = index % g.in_channels, ci = g.group_in(), co = g.group_out();
        const int first = channel / ci * co;
        int q[3];
        g.split(index / g.in_channels, g.in, q);
        summation::running_sum<T> sum;
        for (int a = 0; a < g.view.kernel[0]; ++a)
            for (int b = 0; b < g.view.kernel[1]; ++b)
                for (int d = 0; d < g.view.kernel[2]; ++d) {
                    const int u = g.reader(0, q[0], a), v = g.reader(1, q[1], b), z = g.reader(2, q[2], d);
                    if (u < 0 || v < 0 || z < 0) continue;
                    const T* from = dy + ((u * g.out[1] + v) * g.out[2] + z) * g.out_channels + first;
                    const T* by =
                        w + (((a * g.view.kernel[1] + b) * g.view.kernel[2] + d) * ci + channel % ci) * g.out_channels +
                        first;
                    for (int k = 0; k < co; ++k) sum.add(from[k] * by[k]);
                }
        return sum.total();
    }

    template <class T>
    static constexpr T weight(const call<T>& c, const convolution_geometry& g, int sample, int index) {
        const int o = index % g.out_channels, ci = g.group_in();
        const int k = index / g.out_channels % ci, channel = o / g.group_out() * ci + k;
        int tap[3];
        g.split(index / g.out_channels / ci, g.view.kernel, tap);
        const bool over_batch = c.sums_batch();
        summation::running_sum<T> sum;
        for (int s = over_batch ? 0 : sample; s < (over_batch ? c.count : sample + 1); ++s) {
            const T *x = c.x[0] + c.origin(0, s), *dy = c.x[1] + c.origin(1, s);
            for (int a = 0; a < g.out[0]; ++a)
                for (int b = 0; b < g.out[1]; ++b)
                    for (int d = 0; d < g.out[2]; ++d) {
                        const int u = g.reads(0, a, tap[0]), v = g.reads(1, b, tap[1]), z = g.reads(2, d, tap[2]);
                        if (u < 0 || v < 0 || z < 0) continue;
                        sum.add(x[((u * g.in[1] + v) * g.in[2] + z) * g.in_channels + channel] *
                                dy[((a * g.out[1] + b) * g.out[2] + d) * g.out_channels + o]);
                    }
        }
        return sum.total();
    }

    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        const auto own = y.attributes<convolution_attributes>();
        const value a = y.argument(0), b = y.argument(1);
        const auto made = [&](op kind, value p, value q, value like) {
            return convolve(kind, p, q, own.view, own.groups, like.shape(), !like.batched());
        };
        const bool first = t.wants(a), second = t.wants(b);
        switch (y.get().kind) {
            case op::convolution:
                if (first) t.add(a, made(op::convolution_backward_data, dy, b, a));
                if (second) t.add(b, made(op::convolution_backward_filter, a, dy, b));
                break;
            case op::convolution_backward_data:
                if (first) t.add(a, made(op::convolution, dy, b, a));
                if (second) t.add(b, made(op::convolution_backward_filter, dy, a, b));
                break;
            default:
                if (first) t.add(a, made(op::convolution_backward_data, b, dy, a));
                if (second) t.add(b, made(op::convolution, a, dy, b));
        }
    }

    static constexpr double macs(const graph_view& graph, const node& self) {
        const auto g = convolution_geometry::of(graph, self);
        return static_cast<double>(g.out[0]) * g.out[1] * g.out[2] * g.view.taps() * g.group_in() * g.out_channels;
    }
};

}  // namespace detail

}  // namespace tessera
