// sum, mean, max, min over axes; batch_sum and batch_mean over the samples too.
//
//   in      x, any shape
//   out     the extents of x without those that are reduced; shared by all samples when the batch is reduced too.
//           With keep_axes a reduced axis stays, with extent 1, so that the result stretches over x:
//
//     x / sum(x, last, keep_axes)
//
// reduce is the node under them, y = factor * sum x or max x, and keeps reduced axes with extent 1.
//
// Only batch_sum and batch_mean see the batch; a batch mean divides by the samples present, not by the capacity.
// Gradient    exact; of a maximum or minimum, to every element that attains it in equal parts, and NaN where it is NaN. A
//             mask with a gap, axes(0, 2), is reduced from the last, and so are ties shared out.
// Cost        one pass over x.
// Errors      an axis that x does not have.
#pragma once
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/ir/operations/reshape.hpp>
#include <tessera/ir/running_sum.hpp>

namespace tessera {

namespace detail {

// Which axes: last (features), leading (all but the last), all, or axes(0, 2).
struct axis_set {
    enum class form : std::uint8_t { last, leading, all, listed };
    form kind = form::all;
    unsigned mask = 0, from_behind = 0;  // bit 0 is the first axis; the last axis

    constexpr bool within(int axis_count) const { return ((mask | from_behind) >> axis_count) == 0; }
    constexpr unsigned of(int axis_count) const {
        const unsigned every = (1u << axis_count) - 1;
        const unsigned tail = axis_count > 0 ? 1u << (axis_count - 1) : 0;
        switch (kind) {
            case form::last: return tail;
            case form::leading: return every & ~tail;
            case form::all: return every;
            case form::listed: break;
        }
        unsigned m = mask & every;
        for (int a = 0; a < axis_count; ++a)
            if (from_behind >> a & 1u) m |= 1u << (axis_count - 1 - a);
        return m;
    }
};

}  // namespace detail

inline constexpr detail::axis_set last{detail::axis_set::form::last}, leading{detail::axis_set::form::leading},
    all{detail::axis_set::form::all};
// negative axes count from the last one
constexpr detail::axis_set axes(auto... a) {
    const auto bit = [](int axis) { return 1u << (axis < 31 ? axis : 31); };  // far beyond any rank is the same
    return {detail::axis_set::form::listed, ((a < 0 ? 0u : bit(a)) | ...), ((a < 0 ? bit(-1 - a) : 0u) | ...)};
}

struct reduction_options {
    bool over_batch = false;
    bool divide_by_count = false;
    double factor = 1;
};

namespace detail {

// the innermost axes of the mask, where others that are kept stand between them and the rest; else nothing
constexpr unsigned innermost_run(const extents& e, unsigned mask, bool batch_reduced) {
    unsigned run = 0;
    int a = e.rank - 1;
    const auto reduced = [&](int i) { return (mask >> i & 1u) != 0; };
    while (a >= 0 && (!reduced(a) || e.size_of[a] == 1)) --a;
    for (; a >= 0 && (reduced(a) || e.size_of[a] == 1); --a) run |= mask & 1u << a;
    bool more = batch_reduced && a >= 0;
    for (; a >= 0; --a) more = more || (reduced(a) && e.size_of[a] > 1);
    return more ? run : 0;
}

struct reduce_attributes {
    double factor;
    unsigned axes;         // bit 0 is the first
    int divides_by_count;  // of the samples that are present
};

// the node itself: reduced axes keep extent 1. What kernels see is (outer, reduced, inner): a mask with a gap is
// reduced in two steps.
constexpr value reduce(op kind, value x, unsigned mask, reduction_options o = {}) {
    if (!x.valid()) return x;
    if (const unsigned run = innermost_run(x.shape(), mask, o.over_batch && x.batched()); run != 0)
        return reduce(kind, reduce(kind, x, run), mask & ~run, o);
    node n;
    n.kind = kind;
    n.shape = x.shape();
    for (int a = 0; a < n.shape.rank; ++a)
        if (mask >> a & 1u) n.shape.size_of[a] = 1;
    const bool over_batch = o.over_batch && x.batched();
    if (n.shape == x.shape() && !over_batch && o.factor == 1) return x;
    const reduce_attributes own{o.factor, mask, over_batch && o.divide_by_count};
    return over_batch ? add_summed_node(*x.owner, n, {x}, own) : add_node(*x.owner, n, {x}, own);
}

constexpr extents without(const extents& e, unsigned mask) {
    extents kept;
    for (int a = 0; a < e.rank; ++a)
        if (!(mask >> a & 1u)) kept.push(e.size_of[a]);
    return kept;
}
constexpr int reduced_size(const extents& e, unsigned mask) {
    int n = 1;
    for (int a = 0; a < e.rank; ++a)
        if (mask >> a & 1u) n *= e.size_of[a];
    return n;
}

}  // namespace detail

enum class reduced_axes : bool { gone, kept };
inline constexpr reduced_axes keep_axes = reduced_axes::kept;

namespace detail {

constexpr value reduce_over(op kind, value x, axis_set s, reduced_axes r, reduction_options o = {},
                            bool average = false) {
    if (!expects(detail::within{"reduction"}, x, s.within(x.rank()), "axes that the value has")) return {x.owner, -1};
    const unsigned mask = s.of(x.rank());
    if (average) o.factor = 1.0 / reduced_size(x.shape(), mask);
    const value y = reduce(kind, x, mask, o);
    return r == keep_axes ? y : reshape(y, without(x.shape(), mask));
}

}  // namespace detail

constexpr value sum(value x, detail::axis_set s = all, reduced_axes r = {}) {
    return reduce_over(detail::op::sum, x, s, r);
}
constexpr value mean(value x, detail::axis_set s = all, reduced_axes r = {}) {
    return reduce_over(detail::op::sum, x, s, r, {}, true);
}
constexpr value max(value x, detail::axis_set s = all, reduced_axes r = {}) {
    return reduce_over(detail::op::maximum, x, s, r);
}
constexpr value min(value x, detail::axis_set s = all, reduced_axes r = {}) { return x.valid() ? -max(-x, s, r) : x; }
// over the samples present, and over axes of each; of a value for all samples, over the axes alone
constexpr value batch_sum(value x, detail::axis_set s = {detail::axis_set::form::listed}, reduced_axes r = {}) {
    return reduce_over(detail::op::sum, x, s, r, {.over_batch = true});
}
constexpr value batch_mean(value x, detail::axis_set s = {detail::axis_set::form::listed}, reduced_axes r = {}) {
    return reduce_over(detail::op::sum, x, s, r, {.over_batch = true, .divide_by_count = true}, true);
}

namespace detail {

// dx brought to the shape of the operand that was stretched, and to one value for all where that was shared
constexpr value sum_to(value dx, const extents& shape, bool batched) {
    unsigned mask = 0;
    const extents from = dx.shape();
    for (int a = 0; a < from.rank; ++a) {
        const int b = a - (from.rank - shape.rank);
        if (b < 0 || (shape.size_of[b] == 1 && from.size_of[a] != 1)) mask |= 1u << a;
    }
    return reshape(reduce(op::sum, dx, mask, {.over_batch = !batched}), shape);
}

struct reduce_operation {
    template <class T> static constexpr int items(const call<T>& c) { return c.elements(); }

    template <class T> static constexpr void run(const call<T>& c, int item) {
        const extents &to = c.self->shape, &from = c.argument(0).shape;
        const auto [factor, mask, divides] = c.template attributes<reduce_attributes>();
        const bool over_batch = c.sums_batch(), largest = c.self->kind == op::maximum;
        const int reduced = reduced_size(from, mask), samples = over_batch ? c.count : 1;
        const position at = position::of(item % to.size(), to);
        summation::running_sum<T> sum;
        T top = T(0);
        for (int s = 0; s < samples; ++s) {
            const T* x = c.x[0] + c.origin(0, over_batch ? s : item / to.size());
            for (int r = 0; r < reduced; ++r) {
                position p = at;
                for (int a = from.rank - 1, rest = r; a >= 0; --a)
                    if (mask >> a & 1u) {
                        p.at[a] = rest % from.size_of[a];
                        rest /= from.size_of[a];
                    }
                const T v = x[p.index(from)];
                if (largest)
                    top = (s == 0 && r == 0) ? v : evaluate(scalar_function::maximum, top, v);
                else
                    sum.add(v);
            }
        }
        if (largest) {
            c.y[item] = top;
        } else {
            const T result = sum.total() * static_cast<T>(factor);
            c.y[item] = divides ? result / static_cast<T>(c.count) : result;
        }
    }

    template <class Tape> static constexpr void gradient(Tape& t, value y, value dy) {
        const auto own = y.attributes<reduce_attributes>();
        const value x = y.argument(0);
        if (y.get().kind == op::maximum) {
            const value attained = equal(x, y);
            const value ties = reduce(op::sum, attained, own.axes);
            return t.add(x, attained * (dy / ties));
        }
        value d = own.factor == 1 ? dy : dy * own.factor;
        if (own.divides_by_count) d = d * t.inverse_count();
        t.add(x, broadcast_to(d, x.shape(), x.batched()));
    }

    static constexpr double macs(const graph_view&, const node&) { return 0; }
};

}  // namespace detail

}  // namespace tessera
