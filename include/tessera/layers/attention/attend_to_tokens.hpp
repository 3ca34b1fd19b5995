// attend_to_tokens(q, key, value, scale): attention of queries to keys and values that are maps of tokens, in the order of
// products that multiplies less.
//
//   in      q (T, H, K)       T queries, H heads
//           key               tokens x (S, E), weight (E, H, K), bias (H, K) or none
//           value             tokens z (S, F), weight (F, H, V), bias (H, V) or none; x and z are mostly the same
//   out     y (T, H, V)
//
//   k = x key.weight + key.bias, v = z value.weight + value.bias
//   y = attention(q, k, v, scale), head by head
//
// Few queries cost little, the maps of many tokens much. They need not be applied to tokens:
//   q_th . k_sh    = (key_h q_th) . x_s + q_th . key_bias_h       the last is one number for all s: softmax cancels it
//   sum_s a_s v_sh = (sum_s a_s z_s) value_h + value_bias_h       the weights of a query sum to one
// so H T queries of E features look at x and z themselves, in one head, and no key and no value is made. The bias of keys
// has no gradient then; that of the other order is 0 but for rounding.
//
// Gradient    exact, in the order of products that the result has.
// Cost        the less of S H (E K + F V) + H T S (K + V) and T H (E K + F V) + H T S (E + F) multiply-adds, where what no
//             sample has of its own counts nothing.
// Errors      those of attend.
#pragma once
#include <tessera/ir/operations/attention.hpp>
#include <tessera/ir/operations/einsum.hpp>

namespace tessera::detail {

// a map of tokens (S, E) to heads (S, H, K)
struct token_map {
    value tokens;
    value weight;     // (E, H, K)
    value bias = {};  // (H, K), if there is one

    constexpr value operator()() const {
        const value y = einsum("se,ehk->shk", tokens, weight);
        return bias.owner == nullptr ? y : y + bias;
    }
};

// Whether mapping the queries, and what they find, multiplies less than mapping the tokens.
constexpr bool absorbs_maps(value q, const token_map& key, const token_map& value_of) {
    const double queries = q.extent(0), heads = q.extent(1), tokens = key.tokens.extent(0);
    const double e = key.weight.extent(0), k = key.weight.extent(2);
    const double f = value_of.weight.extent(0), v = value_of.weight.extent(2);
    const auto own = [](double multiplications, auto... of) {  // 0 where no sample has its own
        return (of.batched() || ...) ? multiplications : 0.0;
    };
    const value x = key.tokens, z = value_of.tokens;
    const double of_tokens = own(tokens * heads * e * k, x) + own(tokens * heads * f * v, z) +
                             own(heads * queries * tokens * (k + v), q, x, z);
    const double of_queries = own(queries * heads * e * k, q) + own(queries * heads * f * v, q, x, z) +
                              own(heads * queries * tokens * (e + f), q, x, z);
    return of_queries < of_tokens;
}

constexpr value attend_to_tokens(value q, const token_map& key, const token_map& value_of, double scale) {
    const value x = key.tokens, z = value_of.tokens;
    if (!q.valid() || !x.valid() || !z.valid()) return {q.owner, -1};
    if (x.extent(0) != z.extent(0) || !absorbs_maps(q, key, value_of))
        return attend(q, key(), value_of(), {.scale = scale});
    const int queries = q.extent(0), heads = q.extent(1);
    const auto in_one_head = [](value rows, int count) { return reshape(rows, {count, 1, rows.extent(-1)}); };
    const value asking = in_one_head(einsum("thk,ehk->the", q, key.weight), queries * heads);  // (T H, 1, E)
    const value found =
        attend(asking, in_one_head(x, x.extent(0)), in_one_head(z, z.extent(0)), {.scale = scale});  // (T H, 1, F)
    const value y = einsum("thf,fhv->thv", reshape(found, {queries, heads, z.extent(1)}), value_of.weight);
    return value_of.bias.owner == nullptr ? y : y + value_of.bias;
}

}  // namespace tessera::detail
