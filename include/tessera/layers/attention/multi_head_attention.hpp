// multi_head_attention<Heads>: attention of a sequence on itself, or on a context, in several subspaces at once.
//
//   in      x (T, D); or x (T, D) and a context (S, E); or queries (T, D), keys (S, E) and values (S, F)
//           with_mask: and then a mask (S), (T, S) or (Heads, T, S)
//   out     y (T, D)
//
//   q = x query, k = c key, v = c value, K = D / Heads features a head; c is x, or the context
//   y = attention(q, k, v, 1 / sqrt(K)) out, summed over the heads
//
// Options     with_bias          adds a bias to each of the four maps
//             causal             hides later places: place t sees the places s <= t + (S - T) of what it looks at, the
//                                last one all
//             with_mask          a further value, last of all: 0 hides a key, any other number shows it. A query that
//                                sees no key has the result 0, or out_bias
//             relative_bias      adds a number to each score that is learnt for each head and each offset s - t
//             rotary             turns queries and keys by their places, from 0 on, neighbouring features in pairs;
//                                causal queries stand at the end of the context. See rotary.hpp
//             rotary_halves      the same, where feature i pairs with feature i + K / 2
//             key_width<K, V>    K features of a query and a key in each head, and V of a value, K if left out
//             attention_dropout<P>   in training each weight, after the softmax, is 0 with probability P, else divided by
//                                1 - P. What streams has no weights to drop, so training with P > 0 keeps the arrays of
//                                all pairs of each sample, (Heads, T, S), forward and back; inference streams
// Parameters  query (D, Heads, K), key, value (E, Heads, K), out (Heads, K, D), Xavier; with_bias: query_bias,
//             key_bias, value_bias (Heads, K), out_bias (D), zero; relative_bias: relative_bias (Heads, T + S - 1), or
//             (Heads, S) where causal, zero, element s - t + T - 1 that of query t and key s, spared by weight decay.
// Gradient    exact; none to the mask.
// In a stream the causal attention of a sequence on itself keeps keys and values: see ir/operations/attention.hpp. It
// turns them by the number of the frame. A mask and a relative bias do not stream.
// Cost        2 T D^2 + 2 S E D + 2 T S D multiply-adds; less for few queries that see all there is, of whom no option
//             asks for keys: see attend_to_tokens.hpp. No array of all pairs of places is in memory, but where a mask
//             is one, where a relative bias is with a mask, and in training with attention_dropout: (Heads, T, S).
// Errors      compile time: Heads < 1; Heads that do not divide D; an input or context that is not of rank 2; a list
//             of values that are not one to three, and the mask; causal with a context shorter than the input; a mask
//             of another shape; rotary with an odd number of features a head; P outside 0 <= P < 1.
// Source      Vaswani et al. 2017, "Attention Is All You Need"; Shaw et al. 2018, "Self-Attention with Relative Position
//             Representations"; Su et al. 2021, "RoFormer".
#pragma once
#include <limits>
#include <tessera/ir/operations/attention.hpp>
#include <tessera/layers/attention/attend_to_tokens.hpp>
#include <tessera/layers/attention/attention.hpp>
#include <tessera/layers/attention/causal.hpp>
#include <tessera/layers/attention/rotary.hpp>
#include <tessera/layers/frame_positions.hpp>
#include <tessera/layers/options.hpp>
#include <tessera/layers/regularisation/dropout.hpp>

namespace tessera {

struct with_mask {};
struct relative_bias {};
struct rotary {};
struct rotary_halves {};
template <int K, int V = K> struct key_width {
    static_assert(K >= 1 && V >= 1, "key_width<K, V>: both must be at least 1");
};
template <double P> struct attention_dropout {
    static_assert(P >= 0 && P < 1, "attention_dropout<P>: P must be at least 0 and below 1");
};

namespace detail {

namespace heads {

template <class Option> struct width {
    static constexpr int of_key = 0, of_value = 0;
};
template <int K, int V> struct width<key_width<K, V>> {
    static constexpr int of_key = K, of_value = V;
};
template <class Option> inline constexpr bool is_dropout = false;
template <double P> inline constexpr bool is_dropout<attention_dropout<P>> = true;
template <class Option> inline constexpr double dropped = 0;
template <double P> inline constexpr double dropped<attention_dropout<P>> = P;

template <class Option>
inline constexpr bool known =
    is_option_of<Option, with_bias, causal, with_mask, relative_bias, rotary, rotary_halves> ||
    width<Option>::of_key != 0 || is_dropout<Option>;

// attend, of whose weights a share of P is dropped in training
template <double P> constexpr value attend_dropping(value q, value k, value v, const attention_options& o, value bias) {
    if (P == 0 || !q.valid() || !q.training()) return attend(q, k, v, o, bias);
    if (!k.valid() || !v.valid() || (bias.owner != nullptr && !bias.valid())) return {q.owner, -1};
    const value scores = composed_attention(o, q, k, bias).scores;  // (H, T, S)
    return einsum("hts,shv->thv", dropout<P>(softmax_over_last(op::softmax, scores)), v);
}

// 0 where a mask shows a key, -infinity where it hides one
constexpr value hidden_by(value mask) { return select(mask, 0, -std::numeric_limits<double>::infinity()); }

// the last axis, neighbours side by side, with the first of all pairs before the second of all
constexpr value first_of_pairs_first(value w) {
    const int k = w.extent(-1);
    extents pairs = w.shape();
    pairs[pairs.rank - 1] = k / 2;
    pairs.push(2);
    permutation order;
    for (int a = 0; a + 2 < pairs.rank; ++a) order.push(a);
    order.push(pairs.rank - 1);
    order.push(pairs.rank - 2);
    return reshape(permute(reshape(w, pairs), order), w.shape());
}

// the maps to heads and back that attentions of several heads share
template <int Heads, class... Options> struct maps {
    static constexpr bool biased = has_option<with_bias, Options...>;
    static constexpr int key_features = (0 + ... + width<Options>::of_key);
    static constexpr int value_features = (0 + ... + width<Options>::of_value);

    static constexpr int key_features_of(value x) { return key_features != 0 ? key_features : x.extent(-1) / Heads; }
    static constexpr int value_features_of(value x) {
        return value_features != 0 ? value_features : key_features_of(x);
    }
    static constexpr bool divide(value x) {
        return expects(x, key_features != 0 || x.extent(-1) % Heads == 0,
                       (text("features divisible by ") + Heads + std::string_view(" heads")).view());
    }

    // x (T, D) to (T, H, k); in_pairs: the weights of neighbours are those of halves
    static constexpr token_map to_heads(std::string_view weight, std::string_view bias, value x, int k, bool in_pairs) {
        const int features = x.extent(-1);
        const auto ordered = [&](const variable_request& request) {
            const value w = request.with(x);
            return in_pairs ? first_of_pairs_first(w) : w;
        };
        token_map map{x, ordered(parameter(weight, {features, Heads, k}, initial::xavier(features, Heads * k)))};
        if constexpr (biased) map.bias = ordered(parameter(bias, {Heads, k}).no_weight_decay());
        return map;
    }
    static constexpr value of_heads(std::string_view weight, std::string_view bias, value x, int k, bool in_pairs) {
        return to_heads(weight, bias, x, k, in_pairs)();
    }
    // (T, H, V) to (T, features)
    static constexpr value together(value x, int features) {
        const int wide = x.extent(-1);
        const value y = einsum("thk,hkd->td", x,
                               parameter("out", {Heads, wide, features}, initial::xavier(Heads * wide, features)));
        if constexpr (biased)
            return y + parameter("out_bias", {features}).no_weight_decay();
        else
            return y;
    }
};

}  // namespace heads

}  // namespace detail

template <int Heads, class... Options>
struct multi_head_attention_layer : layer_base<multi_head_attention_layer<Heads, Options...>> {
    static_assert((detail::heads::known<Options> && ...),
                  "multi_head_attention<Heads, ...>: the options are with_bias, causal, with_mask, relative_bias, "
                  "rotary, rotary_halves, key_width<K, V> and attention_dropout<P>");
    static_assert(Heads >= 1, "multi_head_attention<Heads>: Heads must be at least 1");
    static constexpr std::string_view name = "multi_head_attention";
    static constexpr text describe() { return text("multi_head_attention<") + Heads + std::string_view(">"); }

    constexpr value apply(value x) const { return apply(values{x}); }
    constexpr value apply(value x, value context) const { return apply(values{x, context}); }
    constexpr value apply(value q, value k, value v) const { return apply(values{q, k, v}); }
    constexpr value apply(value q, value k, value v, value mask) const { return apply(values{q, k, v, mask}); }

    constexpr value apply(const values& x) const {
        const int count = x.count - (masks ? 1 : 0);
        if (count < 1 || count > 3)
            return reject(detail::graph_of(x),
                          text(masks ? "one to three sequences and a mask" : "one to three sequences"),
                          text("") + x.count + std::string_view(" values"));
        return of(x[0], x[count == 1 ? 0 : 1], x[count - 1], masks ? x[count] : value{});
    }

  private:
    template <class Option> static constexpr bool has = detail::has_option<Option, Options...>;
    static constexpr bool masks = has<with_mask>, turns = has<rotary> || has<rotary_halves>;
    using maps = detail::heads::maps<Heads, Options...>;

    static constexpr value of(value x, value key_from, value value_from, value mask) {
        const value none{x.owner, -1};
        if (!expects(x, rank == 2, "a sequence (places, features)")) return x;
        for (value context : {key_from, value_from})
            if (!expects(context, rank == 2, "a context (places, features)")) return none;
        if (!maps::divide(x)) return none;
        const int k = maps::key_features_of(x);
        if (!expects(x, !turns || k % 2 == 0, "an even number of features a head")) return none;
        value q = maps::of_heads("query", "query_bias", x, k, has<rotary>);  // (T, H, K)
        const detail::token_map key = maps::to_heads("key", "key_bias", key_from, k, has<rotary>),
                                value_of = maps::to_heads("value", "value_bias", value_from, maps::value_features_of(x),
                                                          false);
        constexpr double share = (0.0 + ... + detail::heads::dropped<Options>);
        // weights that are dropped do not sum to one, and what hides keys or turns them asks for each head's own
        if constexpr (!turns && !masks && !has<causal> && !has<relative_bias>)
            if (share == 0 || !x.training())
                return maps::together(detail::attend_to_tokens(q, key, value_of, rsqrt(k)), x.extent(-1));
        value keys = key();             // (S, H, K)
        const value kept = value_of();  // (S, H, V)
        if constexpr (turns) {
            const value key_places = frame_positions(key_from);
            const int ahead = has<causal> ? keys.extent(0) - q.extent(0) : 0;
            const bool same_places = q.extent(0) == keys.extent(0);
            value places = same_places ? key_places : iota(q.extent(0)).with(q);
            if (ahead > 0) places = places + ahead;
            q = rotated(q, places);
            keys = rotated(keys, key_places);
        }
        attention_options o{.scale = rsqrt(k), .causal = has<causal>};
        const value bias = bias_for(q, keys, mask, o);
        return maps::together(detail::heads::attend_dropping<share>(q, keys, kept, o, bias), x.extent(-1));
    }

    // what is added to the scores; by offset where it can be
    static constexpr value bias_for(value q, value keys, value mask, attention_options& o) {
        const int queries = q.extent(0), seen = keys.extent(0);
        value by_offset;  // (H, T + S - 1)
        if constexpr (has<relative_bias>) {
            const int learnt = has<causal> ? seen : queries + seen - 1;
            by_offset = parameter("relative_bias", {Heads, learnt}).no_weight_decay().with(q);
            if (has<causal> && queries > 1) by_offset = padded(by_offset, {0, 0}, {0, queries - 1}, 0);
            o.by_offset = !masks;
        }
        if constexpr (masks) {
            const extents pairs{Heads, queries, seen};
            if (!expects(mask, mask.rank() >= 1 && detail::broadcast(mask.shape(), pairs) == pairs,
                         (text("a mask that stretches to ") + pairs.describe()).view()))
                return {q.owner, -1};
            const value hidden = detail::heads::hidden_by(mask);
            return has<relative_bias> ? hidden + detail::bias_of_pairs(by_offset, queries, seen) : hidden;
        }
        return by_offset;
    }
};

template <int Heads, class... Options>
inline constexpr multi_head_attention_layer<Heads, Options...> multi_head_attention{};

}  // namespace tessera
