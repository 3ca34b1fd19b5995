// composed_attention: attention and its gradients, written with einsums and a softmax that keep the
// scores of all pairs. What attention streams, spelled out: second derivatives are taken of it, and tests compare.
//
//   options     scale, cap, causal mask; see attention.hpp
//   scores      x_hts = cap tanh(scale q_t . k_s / cap) + bias_hts, -infinity where t does not see s    (H, T, S)
#pragma once
#include <limits>
#include <tessera/ir/operations/attention_geometry.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/softmax.hpp>

namespace tessera {

struct attention_options {
    double scale = 1;
    bool causal = false;     // query t sees the keys s <= t + (S - T)
    double cap = 0;          // of scores; none if 0
    bool by_offset = false;  // the bias (H, T + S - 1): element s - t + T - 1 for query t and key s
};

namespace detail {

// (T, S): 0 where s <= t + (S - T), the keys that query t sees, and -infinity elsewhere. Rows of one period, laid out
// one after another and read again with rows that are one element shorter, move on by one from row to row: element
// (t, s) is element s - t of the period. With more queries than keys the first would see none: refused.
constexpr value causal_mask(graph& g, int queries, int keys, element type) {
    if (queries > keys)
        return reject(g, detail::within{"attention"},
                      text("a key for each of ") + queries + std::string_view(" queries"), text("") + keys,
                      text("under a causal mask query t sees the keys s <= t + (S - T)"));
    const int period = queries + keys, ahead = keys - queries;
    const value zero = broadcast_to(constant(g, 0), {1 + ahead}, false, type);
    const value hidden = padded(zero, {0}, {keys - 1 - ahead},
                                -std::numeric_limits<double>::infinity());  // (S): places 0 to S - 1 before
    const value row = padded(hidden, {0}, {queries}, 0);                    // (T + S): then those after
    const value rows = reshape(broadcast_to(row, {queries, period}, false), {queries * period});
    const value moving = reshape(slice(rows, 0, 0, queries * (period - 1)), {queries, period - 1});
    return slice(moving, 1, 0, keys);
}

// A bias by offset, (..., T + S - 1) for H or 1 heads, for each pair (H or 1, T, S): of the last query element s of a
// row, of each one before the element after. Rows that are read again one element longer move on by one.
constexpr value bias_of_pairs(value bias, int queries, int keys) {
    const int offsets = queries + keys - 1, heads = bias.size() / offsets;
    const value rows = broadcast_to(reshape(bias, {heads, 1, offsets}), {heads, queries, offsets}, bias.batched());
    const value moving = padded(reshape(rows, {heads, queries * offsets}), {0, 0}, {0, queries}, 0);
    return reversed(slice(reshape(moving, {heads, queries, offsets + 1}), 2, 0, keys), 1);
}
// what that makes of gradients (H, T, S): (H, 1, T + S - 1)
constexpr value sums_by_offset(value d) {
    const int heads = d.extent(0), queries = d.extent(1), keys = d.extent(2), offsets = queries + keys - 1;
    const value rows = padded(reversed(d, 1), {0, 0, 0}, {0, 0, queries}, 0);
    const value moving = slice(reshape(rows, {heads, queries * (offsets + 1)}), 1, 0, queries * offsets);
    return reshape(reduce(op::sum, reshape(moving, {heads, queries, offsets}), axes(1).of(3)), {heads, 1, offsets});
}

struct composed_attention {
    attention_options options;
    value q, k, bias;                // (T, H, K), (S, H, K), (H or 1, T or 1, S) or void
    value capped = {}, scores = {};  // (H, T, S): before the bias, and all

    constexpr composed_attention(attention_options o, value queries, value keys, value added)
        : options(o), q(queries), k(keys), bias(added) {
        scores = einsum("thk,shk->hts", q * options.scale, k);
        if (options.cap != 0) scores = capped = options.cap * tanh(scores * (1 / options.cap));
        if (bias.id >= 0) scores = scores + (options.by_offset ? bias_of_pairs(bias, q.extent(0), k.extent(0)) : bias);
        if (options.causal) scores = scores + causal_mask(*q.owner, q.extent(0), k.extent(0), q.get().type);
    }

    constexpr value result(value v) const { return einsum("hts,shv->thv", softmax_over_last(op::softmax, scores), v); }
    // of each row: the gradient of the result (T, H, V), the log-sum-exp of the scores and the sum of dy y (T, H, 1)
    struct rows {
        value dy, log_sum, along;
    };
    constexpr value weights(const rows& r) const { return exp(scores - permute(r.log_sum, {1, 0, 2})); }  // (H, T, S)
    constexpr value score_gradient(const rows& r, value v) const {                                        // (H, T, S)
        return weights(r) * (einsum("thv,shv->hts", r.dy, v) - permute(r.along, {1, 0, 2}));
    }
    struct gradients {
        value dq, dk, dv;
    };
    constexpr gradients gradient(const rows& r, value v) const {
        value ds = score_gradient(r, v) * options.scale;
        if (options.cap != 0) ds = ds * (1 - square(capped * (1 / options.cap)));
        const value dq = einsum("hts,shk->thk", ds, k), dk = einsum("hts,thk->shk", ds, q);
        return {dq, dk, einsum("hts,thv->shv", weights(r), r.dy)};
    }
};

}  // namespace detail

}  // namespace tessera
