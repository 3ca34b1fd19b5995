// neural_attention<Heads, U>: attention whose scores are the output of a small network that all heads share.
//
//   in      x (T, D); or x (T, D) and a context (S, E)
//   out     y (T, D)
//
//   q = x query, k = c key, v = c value, K = D / Heads features a head; c is x, or the context
//   q', k' = q narrow_query, k narrow_key, each with a bias                              U features
//   score_hts = w3 . relu(W2 relu(W1 [q'_ht; k'_hs] + b1) + b2) + b3                     2 U -> U -> U / 2 -> 1
//   y = (sum_s softmax_s(score_hts) v_hs) out, summed over the heads; scores are not scaled
//
// W1 is applied to queries and to keys by themselves, and their sum is taken for each pair.
// Options     causal, which hides later places, as in multi_head_attention; key_width<K, V>.
// Parameters  query, key, value, out: those of multi_head_attention, without biases; narrow_query, narrow_key (K, U) with
//             narrow_query_bias, narrow_key_bias (U); hidden (2 U, U), hidden_bias (U); inner (U, U / 2), inner_bias
//             (U / 2); score (U / 2), score_bias (). Weights Xavier or, before a relu, Kaiming; biases zero.
// Gradient    exact.
// Cost        2 T D^2 + 2 S E D + T S Heads (U^2 / 2 + U / 2 + V) multiply-adds. The network's features of all pairs are in
//             memory: (U, Heads, T, S), half of it, and the scores.
// Errors      compile time: Heads < 1; U < 2; Heads that do not divide D; an input or context that is not of rank 2; causal
//             with a context shorter than the input.
// Source      DiGiugno, Mahmood 2025, "Neural Attention: A Novel Mechanism for Enhanced Expressive Power in Transformer
//             Models". U is K / 32 there, or 2.
#pragma once
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/layers/relu.hpp>

namespace tessera {

template <int Heads, int U, class... Options>
struct neural_attention_layer : layer_base<neural_attention_layer<Heads, U, Options...>> {
    static_assert(((std::is_same_v<Options, causal> || detail::heads::width<Options>::of_key != 0) && ...),
                  "neural_attention<Heads, U, ...>: the options are causal and key_width<K, V>");
    static_assert(Heads >= 1, "neural_attention<Heads, U>: Heads must be at least 1");
    static_assert(U >= 2, "neural_attention<Heads, U>: U must be at least 2");
    static constexpr std::string_view name = "neural_attention";
    static constexpr text describe() { return detail::written(name, {Heads, U}); }

    constexpr value apply(value x) const { return apply(x, x); }

    constexpr value apply(value x, value context) const {
        if (!expects(x, rank == 2, "a sequence (places, features)")) return x;
        if (!expects(context, rank == 2, "a context (places, features)")) return {x.owner, -1};
        using maps = detail::heads::maps<Heads, Options...>;
        if (!maps::divide(x)) return {x.owner, -1};
        const int k = maps::key_features_of(x), wide = maps::value_features_of(x), half = U / 2;
        const value q = maps::of_heads("query", "", x, k, false);         // (T, H, K)
        const value keys = maps::of_heads("key", "", context, k, false);  // (S, H, K)
        const value kept = maps::of_heads("value", "", context, wide, false);
        const value narrow_query = narrow("narrow_query", "narrow_query_bias", q);
        const value narrow_key = narrow("narrow_key", "narrow_key_bias", keys);
        const value hidden = parameter("hidden", {2 * U, U}, initial::kaiming(2 * U)).with(x);
        const value hidden_bias = parameter("hidden_bias", {U}).no_weight_decay().with(x);
        // (U, H, T), (U, H, S)
        const value from_query =
            einsum("thu,uo->oht", narrow_query, slice(hidden, 0, 0, U)) + column(hidden_bias, U, 3);
        const value from_key = einsum("shu,uo->ohs", narrow_key, slice(hidden, 0, U, U));
        const int queries = q.extent(0), seen = keys.extent(0);
        const value first = relu(reshape(from_query, {U, Heads, queries, 1}) + reshape(from_key, {U, Heads, 1, seen}));
        const value inner = parameter("inner", {U, half}, initial::kaiming(U)).with(x);
        const value inner_bias = parameter("inner_bias", {half}).no_weight_decay().with(x);
        const value second = relu(einsum("uhts,uo->ohts", first, inner) + column(inner_bias, half, 4));
        const value score = parameter("score", {half}, initial::xavier(half, 1)).with(x);
        value scores = einsum("ohts,o->hts", second, score) + parameter("score_bias", {}).no_weight_decay();
        if constexpr (detail::has_option<causal, Options...>) scores = causal{}(scores);
        return maps::together(einsum("hts,shv->thv", softmax(scores), kept), x.extent(-1));
    }

    constexpr value apply(const values& x) const {
        if (x.count == 1) return apply(x[0]);
        if (x.count == 2) return apply(x[0], x[1]);
        return reject(detail::graph_of(x), text("a sequence, or a sequence and a context"),
                      text("") + x.count + std::string_view(" values"));
    }

  private:
    static constexpr value narrow(std::string_view weight, std::string_view bias, value x) {
        const int k = x.extent(-1);
        return einsum("thk,ku->thu", x, parameter(weight, {k, U}, initial::xavier(k, U))) +
               parameter(bias, {U}).no_weight_decay();
    }
    // a bias of the first of so many axes
    static constexpr value column(value bias, int features, int axes_of_all) {
        extents shape{features};
        for (int a = 1; a < axes_of_all; ++a) shape.push(1);
        return reshape(bias, shape);
    }
};

template <int Heads, int U, class... Options>
inline constexpr neural_attention_layer<Heads, U, Options...> neural_attention{};

}  // namespace tessera
