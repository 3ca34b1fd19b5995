// The reference implementation of attention and of its gradients: plain loops over pairs of a query and a key.
#pragma once
#include <limits>
#include <tessera/ir/operations/attention_geometry.hpp>

namespace tessera::attention_reference {

// one pair of a query and a key at a time
template <class T> struct pairs {
    const call<T>& c;
    attention_geometry geometry;

    constexpr explicit pairs(const call<T>& of) : c(of), geometry(attention_geometry::of(*of.self, of.arg)) {}

    constexpr const T* row(int argument, int sample, int place, int head) const {
        const extents& e = c.arg[argument]->shape;
        return c.x[argument] + c.origin(argument, sample) + (place * e[1] + head) * e[2];
    }
    static constexpr T dot(const T* a, const T* b, int n) {
        T sum = T(0);
        for (int i = 0; i < n; ++i) sum += a[i] * b[i];
        return sum;
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
            x.value += c.x[g.bias][c.origin(g.bias, sample) + head * g.bias_of_head + t * g.bias_of_query + s];
        return x;
    }

    struct derivatives {
        T weight, of_score, of_product;
    };
    constexpr derivatives derivative(int sample, int head, int t, int s) const {
        const int depth = geometry.depth;
        const T* const from = row(2, sample, t, head);  // dy, log-sum-exp, sum dy y
        const score x = score_of(sample, head, t, s);
        const T weight = evaluate(scalar_function::exponential, x.value - from[depth]);
        const T along = dot(from, row(1, sample, s, head) + geometry.width, depth);
        const T d = weight * (along - from[depth + 1]);
        return {weight, d, d * x.slope};
    }
};

// a running maximum and sum; what was gathered before is scaled down when the maximum grows. Keys whose score is
// -infinity have no weight; where none has any, the result is 0 and so is the log-sum-exp, from which the gradients
// make weights of 0 again.
template <class T> constexpr void forward(const pairs<T>& pair, int sample, int row, T* to) {
    const attention_geometry& g = pair.geometry;
    const int t = row / g.heads, head = row % g.heads;
    T* const y = to + (static_cast<long>(sample) * g.queries * g.heads + row) * (g.depth + g.keeps_log_sum);
    T top = T(0), total = T(0);
    bool seen = false;
    for (int i = 0; i < g.depth; ++i) y[i] = T(0);
    for (int s = 0; s < g.seen_by(t); ++s) {
        const T x = pair.score_of(sample, head, t, s).value;
        const bool hidden = x == -std::numeric_limits<T>::infinity();
        if (!hidden && (!seen || x > top)) {
            const T shrink = seen ? evaluate(scalar_function::exponential, top - x) : T(0);
            total *= shrink;
            for (int i = 0; i < g.depth; ++i) y[i] *= shrink;
            top = x;
            seen = true;
        }
        const T e = hidden ? T(0) : evaluate(scalar_function::exponential, x - top);
        const T* const v = pair.row(2, sample, s, head);
        total += e;
        for (int i = 0; i < g.depth; ++i) y[i] += e * v[i];
    }
    if (seen)
        for (int i = 0; i < g.depth; ++i) y[i] /= total;
    if (g.keeps_log_sum) y[g.depth] = seen ? top + evaluate(scalar_function::logarithm, total) : T(0);
}

template <class T> constexpr void query_gradient(const pairs<T>& pair, int sample, int row, T* dq) {
    const attention_geometry& g = pair.geometry;
    const int t = row / g.heads, head = row % g.heads;
    for (int i = 0; i < g.width; ++i) dq[i] = T(0);
    for (int s = 0; s < g.seen_by(t); ++s) {
        const T d = pair.derivative(sample, head, t, s).of_product;
        const T* const k = pair.row(1, sample, s, head);
        for (int i = 0; i < g.width; ++i) dq[i] += d * k[i];
    }
}
template <class T> constexpr void key_gradient(const pairs<T>& pair, int sample, int row, T* dk, T* dv) {
    const attention_geometry& g = pair.geometry;
    const int s = row / g.heads, head = row % g.heads;
    for (int i = 0; i < g.width; ++i) dk[i] = T(0);
    for (int i = 0; i < g.depth; ++i) dv[i] = T(0);
    for (int t = 0; t < g.queries; ++t) {
        if (s >= g.seen_by(t)) continue;
        const auto d = pair.derivative(sample, head, t, s);
        const T *const q = pair.row(0, sample, t, head), *const dy = pair.row(2, sample, t, head);
        for (int i = 0; i < g.width; ++i) dk[i] += d.of_product * q[i];
        for (int i = 0; i < g.depth; ++i) dv[i] += d.weight * dy[i];
    }
}

}  // namespace tessera::attention_reference
