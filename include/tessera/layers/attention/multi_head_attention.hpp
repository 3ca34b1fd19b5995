// multi_head_attention<Heads>: attention of a sequence on itself, or on a context, in several subspaces at once.
//
//   in      x (T, D); or x (T, D) and a context (S, E)
//   out     y (T, D)
//
//   q = x query, k = c key, v = c value, K = D / Heads features a head; c is x, or the context
//   y = attention(q, k, v, 1 / sqrt(K)) out, summed over the heads
//
// Options     with_bias adds a bias to each of the four maps; causal hides later places: place t sees the places
//             s <= t + (S - T) of what it looks at, the last one all.
// Parameters  query (D, Heads, K), key, value (E, Heads, K), out (Heads, K, D), Xavier; with_bias: query_bias,
//             key_bias, value_bias (Heads, K), out_bias (D), zero.
// Gradient    exact.
// In a stream the causal attention of a sequence on itself keeps keys and values: see ir/operations/attention.hpp.
// Cost        2 T D^2 + 2 S E D + 2 T S D multiply-adds.
// Errors      compile time: Heads < 1; Heads that do not divide D; an input or context that is not of rank 2; a list
//             of values that are not one or two; causal with a context shorter than the input.
// Source      Vaswani et al. 2017, "Attention Is All You Need".
#pragma once
#include <tessera/layers/attention/attention.hpp>
#include <tessera/layers/attention/causal.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

template <int Heads, class... Options>
struct multi_head_attention_layer : layer_base<multi_head_attention_layer<Heads, Options...>> {
    static_assert((detail::is_option_of<Options, with_bias, causal> && ...),
                  "multi_head_attention<Heads, ...>: the options are with_bias and causal");
    static_assert(Heads >= 1, "multi_head_attention<Heads>: Heads must be at least 1");
    static constexpr std::string_view name = "multi_head_attention";
    static constexpr text describe() { return text("multi_head_attention<") + Heads + std::string_view(">"); }

    constexpr value apply(value x) const { return apply(x, x); }

    constexpr value apply(value x, value context) const {
        if (!expects(x, rank == 2, "a sequence (places, features)")) return x;
        if (!expects(context, rank == 2, "a context (places, features)")) return {x.owner, -1};
        const int d = x.extent(-1), e = context.extent(-1), k = d / Heads;
        if (!expects(x, d % Heads == 0, (text("features divisible by ") + Heads + std::string_view(" heads")).view()))
            return x;
        const value q = heads("query", "query_bias", x, d, k);           // (T, H, K)
        const value keys = heads("key", "key_bias", context, e, k);      // (S, H, K)
        const value kept = heads("value", "value_bias", context, e, k);  // (S, H, K)
        const value y = einsum("thk,hkd->td", attention(q, keys, kept, rsqrt(k), score_program{}),
                               parameter("out", {Heads, k, d}, initial::xavier(d, d)));
        if constexpr (detail::has_option<with_bias, Options...>)
            return y + parameter("out_bias", {d}).no_weight_decay();
        else
            return y;
    }

    // what fork hands on
    constexpr value apply(const values& x) const {
        if (x.count == 1) return apply(x[0]);
        if (x.count == 2) return apply(x[0], x[1]);
        return reject(detail::graph_of(x), text("a sequence, or a sequence and a context"),
                      text("") + x.count + std::string_view(" values"));
    }

  private:
    using score_program = std::conditional_t<detail::has_option<causal, Options...>, causal, detail::plain_scores>;

    static constexpr value heads(std::string_view weight, std::string_view bias, value x, int features, int k) {
        const value y =
            einsum("td,dhk->thk", x, parameter(weight, {features, Heads, k}, initial::xavier(features, Heads * k)));
        if constexpr (detail::has_option<with_bias, Options...>)
            return y + parameter(bias, {Heads, k}).no_weight_decay();
        else
            return y;
    }
};

template <int Heads, class... Options>
inline constexpr multi_head_attention_layer<Heads, Options...> multi_head_attention{};

}  // namespace tessera
