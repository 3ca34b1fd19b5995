// The reference implementation of attention and of its gradients: plain loops over pairs of a query and a key.
#pragma once
#include <limits>
#include <tessera/ir/operations/attention_geometry.hpp>
#include <tessera/ir/running_sum.hpp>

namespace tessera::detail::attention_reference {

// one pair of a query and a key at a time
template <class T> struct pairs {
    const call<T>& c;
    attention_geometry geometry;
    int now = -1;  // the key that is this call's own, and not yet among those that a stream has kept

    constexpr explicit pairs(const call<T>& of, int sample = 0)
        : c(of), geometry(attention_geometry::of(of.graph, *of.self)) {
        if (of.self->kind != op::cached_attention) return;
        const kept_keys kept = kept_keys::of(of.x[3][of.origin(3, sample)], geometry.keys);
        geometry.keys = kept.filled;
        geometry.causal = false;
        now = kept.now;
    }

    constexpr const T* row(int argument, int sample, int place, int head) const {
        if (argument > 0 && place == now) {
            argument += 3;
            place = 0;
        }
        const extents& e = c.argument(argument).shape;
        return c.x[argument] + c.origin(argument, sample) + (place * e[1] + head) * e[2];
    }
    static constexpr T dot(const T* a, const T* b, int n) {
        summation::running_sum<T> sum;
        for (int i = 0; i < n; ++i) sum.add(a[i] * b[i]);
        return sum.total();
    }

    struct score {
        T value, slope;  // slope: by the product of query and key
    };
    constexpr score score_of(int sample, int head, int t, int s) const {
        const attention_geometry& g = geometry;
        const T scale = static_cast<T>(g.scale), cap = static_cast<T>(g.cap);
        score x{scale * dot(row(0, sample, t, head), row(1, sample, s, head), g.width), scale};
        if (g.cap != 0) {
            const T bent = evaluate(scalar_function::tangent_h, x.value / cap);
            x = {cap * bent, scale * (1 - bent * bent)};
        }
        if (g.bias >= 0)
            x.value +=
                c.x[g.bias][c.origin(g.bias, sample) + g.bias_at + head * g.bias_of_head + t * g.bias_of_query + s];
        return x;
    }

    struct derivatives {
        T weight, of_score, of_product;
    };
    constexpr derivatives derivative(int sample, int head, int t, int s) const {
        const int depth = geometry.depth;
        const score x = score_of(sample, head, t, s);
        const T weight = evaluate(scalar_function::exponential, x.value - *row(4, sample, t, head));
        const T along = dot(row(3, sample, t, head), row(2, sample, s, head), depth);
        const T d = weight * (along - *row(5, sample, t, head));
        return {weight, d, d * x.slope};
    }
};

// Keys come in blocks: what a block adds to a result is summed up first, so that a long sum has few terms.
inline constexpr int block_of_pairs = 64;

// to[i] += sum over a block of weight[k] times element i of row(first + k)
template <class T, class Row>
constexpr void add_weighed(T* to, int length, const T* weight, int first, int count, Row row) {
    for (int i = 0; i < length; ++i) {
        T part = T(0);
        for (int k = 0; k < count; ++k) part += weight[k] * row(first + k)[i];
        to[i] += part;
    }
}

// a running maximum and sum; what was gathered before is scaled down when the maximum grows. Keys whose score is
// -infinity have no weight; where none has any, the result is 0 and so is the log-sum-exp, from which the gradients
// make weights of 0 again.
// One of both that is not wanted is null.
template <class T> constexpr void forward(const pairs<T>& pair, int sample, int row, T* result, T* log_sum) {
    constexpr T none = -std::numeric_limits<T>::infinity();
    const attention_geometry& g = pair.geometry;
    const int t = row / g.heads, head = row % g.heads, seen = g.seen_by(t);
    const long at = static_cast<long>(sample) * g.queries * g.heads + row;
    const int depth = result == nullptr ? 0 : g.depth;
    T* const y = result == nullptr ? nullptr : result + at * depth;
    T top = none, total = T(0);
    for (int i = 0; i < depth; ++i) y[i] = T(0);
    for (int first = 0; first < seen; first += block_of_pairs) {
        const int count = first + block_of_pairs < seen ? block_of_pairs : seen - first;
        T weight[block_of_pairs] = {}, largest = top, part = T(0);  // scores, then their exponentials
        for (int k = 0; k < count; ++k) {
            weight[k] = pair.score_of(sample, head, t, first + k).value;
            largest = evaluate(scalar_function::maximum, largest, weight[k]);
        }
        if (largest != top && top != none) {
            const T shrink = evaluate(scalar_function::exponential, top - largest);
            total *= shrink;
            for (int i = 0; i < depth; ++i) y[i] *= shrink;
        }
        top = largest;
        for (int k = 0; k < count; ++k) {
            weight[k] = weight[k] == none ? T(0) : evaluate(scalar_function::exponential, weight[k] - top);
            part += weight[k];
        }
        total += part;
        add_weighed(y, depth, weight, first, count, [&](int s) { return pair.row(2, sample, s, head); });
    }
    if (top != none)
        for (int i = 0; i < depth; ++i) y[i] /= total;
    if (log_sum != nullptr) log_sum[at] = top == none ? T(0) : top + evaluate(scalar_function::logarithm, total);
}

template <class T> constexpr void query_gradient(const pairs<T>& pair, int sample, int row, T* dq) {
    const attention_geometry& g = pair.geometry;
    const int t = row / g.heads, head = row % g.heads, seen = g.seen_by(t);
    for (int i = 0; i < g.width; ++i) dq[i] = T(0);
    for (int first = 0; first < seen; first += block_of_pairs) {
        const int count = first + block_of_pairs < seen ? block_of_pairs : seen - first;
        T d[block_of_pairs] = {};
        for (int k = 0; k < count; ++k) d[k] = pair.derivative(sample, head, t, first + k).of_product;
        add_weighed(dq, g.width, d, first, count, [&](int s) { return pair.row(1, sample, s, head); });
    }
}
// dk or dv may be null
template <class T> constexpr void key_gradient(const pairs<T>& pair, int sample, int row, T* dk, T* dv) {
    const attention_geometry& g = pair.geometry;
    const int s = row / g.heads, head = row % g.heads;
    int from = 0;  // the first query that sees the key
    while (from < g.queries && s >= g.seen_by(from)) ++from;
    const int width = dk == nullptr ? 0 : g.width, depth = dv == nullptr ? 0 : g.depth;
    for (int i = 0; i < width; ++i) dk[i] = T(0);
    for (int i = 0; i < depth; ++i) dv[i] = T(0);
    for (int first = from; first < g.queries; first += block_of_pairs) {
        const int count = first + block_of_pairs < g.queries ? block_of_pairs : g.queries - first;
        T of_product[block_of_pairs] = {}, weight[block_of_pairs] = {};
        for (int k = 0; k < count; ++k) {
            const auto d = pair.derivative(sample, head, first + k, s);
            of_product[k] = d.of_product;
            weight[k] = d.weight;
        }
        add_weighed(dk, width, of_product, first, count, [&](int t) { return pair.row(0, sample, t, head); });
        add_weighed(dv, depth, weight, first, count, [&](int t) { return pair.row(3, sample, t, head); });
    }
}

}  // namespace tessera::detail::attention_reference
