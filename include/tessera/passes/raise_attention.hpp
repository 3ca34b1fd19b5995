// raise: softmax(scale q k' + bias) v, written by einsums, becomes attention.
#pragma once
#include <tessera/passes/raise_match.hpp>

namespace tessera::detail::raising {

struct attention_match {
    static constexpr int most_biases = 4;
    int q = -1, k = -1, v = -1, biases[most_biases] = {}, bias_count = 0;
    double scale = 1;
    // to (T, H, K), (S, H, K), (S, H, V), (H, T, S), and from (T, H, V); without H where there are no heads
    permutation of_q, of_k, of_v, of_scores, of_result;
};

// the product of queries and keys under sums with biases and, below those, products with numbers; -1 if there is none
constexpr int scores_below(const graph_view& g, const list<int>& readers, int i, const extents& shape, bool scaled,
                           attention_match& m) {
    const node& n = g[i];
    if (readers[static_cast<std::size_t>(i)] != 1 || !(n.shape == shape)) return -1;
    if (n.kind == op::einsum) return !g.sums_batch(n) ? i : -1;
    if (is(n, scalar_function::add) && !scaled && m.bias_count < attention_match::most_biases) {
        for (int k : {0, 1}) {
            const attention_match before = m;
            m.biases[m.bias_count++] = g.argument(n, 1 - k);
            if (const int found = scores_below(g, readers, g.argument(n, k), shape, false, m); found >= 0) return found;
            m = before;
        }
        return -1;
    }
    const bool divides = is(n, scalar_function::divide);
    if (!divides && !is(n, scalar_function::multiply)) return -1;
    for (int k : {1, 0}) {
        const node& number = g[g.argument(n, k)];
        if (number.kind != op::constant || !is_number(number) || (divides && k == 0)) continue;
        m.scale *= divides ? 1 / g.number(number) : g.number(number);
        return scores_below(g, readers, g.argument(n, 1 - k), shape, true, m);
    }
    return -1;
}

// whether the axes of both products are those of attention; `weights` says which operand of the second they are
constexpr bool fit_axes(const graph_view& g, const node& scores, const node& result, int weights, attention_match& m) {
    using equation::find;
    const auto first = g.attributes<einsum_attributes>(scores), second = g.attributes<einsum_attributes>(result);
    const auto of_scores = first.out(), of_weights = second.of(weights);
    const auto of_v = second.of(1 - weights), out = second.out();
    const auto r = of_scores.size();
    if (r != 2 && r != 3) return false;
    const char s = of_scores[r - 1];
    const int keys = find(first.of(0), s) >= 0 ? 0 : 1;  // which operand of the first
    const auto of_q = first.of(1 - keys), of_k = first.of(keys);
    if (find(of_q, s) >= 0 || of_q.size() != r || of_k.size() != r || of_v.size() != r || out.size() != r) return false;
    int t = -1, h = -1;
    for (std::size_t i = 0; i + 1 < r; ++i) {
        if (find(of_q, of_scores[i]) < 0) return false;
        int& axis = find(of_k, of_scores[i]) >= 0 ? h : t;
        if (axis >= 0) return false;
        axis = static_cast<int>(i);
    }
    if (t < 0) return false;
    const auto letter = [](std::string_view labels, int axis) { return labels[static_cast<std::size_t>(axis)]; };
    char inner = 0, d = 0;
    for (char c : of_q)
        if (find(of_scores, c) < 0) inner = c;
    for (char c : of_v)
        if (find(of_weights, c) < 0) d = c;
    const char last_weight = of_weights[r - 1];
    if (d == 0 || find(of_v, letter(of_weights, t)) >= 0) return false;
    if (find(of_v, last_weight) < 0 || find(out, last_weight) >= 0) return false;
    if (h >= 0 && (find(of_v, letter(of_weights, h)) < 0 || find(out, letter(of_weights, h)) < 0)) return false;

    const auto order = [&](permutation& p, std::string_view labels, char leading, std::string_view heads, char end) {
        p.push(find(labels, leading));
        if (h >= 0) p.push(find(labels, letter(heads, h)));
        p.push(find(labels, end));
    };
    order(m.of_q, of_q, letter(of_scores, t), of_scores, inner);
    order(m.of_k, of_k, s, of_scores, inner);
    order(m.of_v, of_v, last_weight, of_weights, d);
    if (h >= 0) m.of_scores.push(h);
    m.of_scores.push(t);
    m.of_scores.push(static_cast<int>(r) - 1);
    for (char c : out) m.of_result.push(c == letter(of_weights, t) ? 0 : c == d ? static_cast<int>(r) - 1 : 1);
    m.q = g.argument(scores, 1 - keys);
    m.k = g.argument(scores, keys);
    m.v = g.argument(result, 1 - weights);
    return true;
}

constexpr bool match_attention(const graph_view& g, const list<int>& readers, int i, attention_match& m) {
    const node& result = g[i];
    for (int k : {0, 1}) {
        const int w = g.argument(result, k);
        const node& weights = g[w];
        if (weights.kind != op::softmax || readers[static_cast<std::size_t>(w)] != 1 || g.sums_batch(result)) continue;
        m = {};
        const int scores = scores_below(g, readers, g.argument(weights, 0), weights.shape, false, m);
        if (scores < 0 || !no_mark_between(g, scores, i)) continue;
        if (fit_axes(g, g[scores], result, k, m)) return true;
    }
    return false;
}

// (T, H, K) from a value with these axes in some order
constexpr value with_heads(value x, const permutation& order) {
    x = permute(x, order);
    return x.rank() == 3 ? x : reshape(x, {x.extent(0), 1, x.extent(1)});
}

template <class Now> constexpr value raised_attention(const attention_match& m, Now now) {
    value bias;
    for (int i = m.bias_count; i-- > 0;) {  // as they were added
        value b = now(m.biases[i]);
        extents own;
        for (int a = b.rank(); a < m.of_scores.rank; ++a) own.push(1);
        for (int a = 0; a < b.rank(); ++a) own.push(b.extent(a));
        b = permute(reshape(b, own), m.of_scores);
        bias = bias.valid() ? bias + b : b;
    }
    const value q = with_heads(now(m.q), m.of_q), k = with_heads(now(m.k), m.of_k), v = with_heads(now(m.v), m.of_v);
    value y = attend(q, k, v, {.scale = m.scale}, bias);
    if (m.of_result.rank == 2) y = reshape(y, {y.extent(0), y.extent(2)});
    return permute(y, m.of_result);
}

}  // namespace tessera::detail::raising
