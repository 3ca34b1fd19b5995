// linear_attention<Heads>: attention whose weights are products of features of query and key, so that its cost is linear
// in the number of places.
//
//   in      x (T, D); or x (T, D) and a context (S, E)
//   out     y (T, D)
//
//   q = f(x query), k = f(c key), v = c value, K = D / Heads features a head; c is x, or the context
//   f(z) = elu(z) + 1
//   y_t = (sum_s (q_t . k_s) v_s) / (sum_s q_t . k_s) out, summed over the heads
//
// Under causal the sums are over s <= t. They are made of blocks of places: within a block from pairs, and the sums over
// the blocks before by a cumulative sum of one matrix a block.
//
// f is computed as exp(min(z, 0)) + max(z, 0), which stays above 0 where elu(z) + 1 would round to it; so nothing is added
// to the denominator, to which the authors' code adds 1e-6.
//
// Options     with_bias         adds a bias to each of the four maps
//             causal            place t sees places 0 to t of the same sequence
//             frame_by_frame    causal, as a recurrence over the places: slower on whole sequences, but streams, where a
//                               frame costs the same however many came before
//             key_width<K, V>   K features of a query and a key in each head, and V of a value, K if left out
// Parameters  those of multi_head_attention.
// Gradient    exact.
// Cost        2 T D^2 + 2 S E D + (T + S) K V Heads multiply-adds; causal: T (2 K V + B (K + V)) Heads, blocks of B = 64
//             places at most.
// Errors      compile time: Heads < 1; Heads that do not divide D; an input or context that is not of rank 2; causal or
//             frame_by_frame with a context.
// Source      Katharopoulos et al. 2020, "Transformers are RNNs: Fast Autoregressive Transformers with Linear Attention".
#pragma once
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/ir/operations/cumulative_sum.hpp>
#include <tessera/ir/operations/scan.hpp>
#include <tessera/layers/attention/multi_head_attention.hpp>

namespace tessera {

struct frame_by_frame {};

namespace detail {

namespace linear {

constexpr value features_of(value z) { return exp(minimum(z, 0)) + apply(scalar_function::relu, z); }

// (T, H, V) of q (T, H, K), k (S, H, K), v (S, H, V)
constexpr value attend_to_all(value q, value k, value v) {
    const value kept = einsum("shk,shv->hkv", k, v), total = reduce(op::sum, k, axes(0).of(3));  // (1, H, K)
    return einsum("thk,hkv->thv", q, kept) / reduce(op::sum, q * total, last.of(3));
}

constexpr value attend_behind(value q, value k, value v) {
    constexpr int most = 64;
    const int places = q.extent(0), blocks = (places + most - 1) / most, block = (places + blocks - 1) / blocks;
    const auto in_blocks = [&](value x) {  // (N, B, H, K), the places that are missing 0
        const int missing = blocks * block - places;
        if (missing > 0) x = padded(x, {0, 0, 0}, {missing, 0, 0}, 0);
        return reshape(x, {blocks, block, x.extent(1), x.extent(2)});
    };
    q = in_blocks(q);
    k = in_blocks(k);
    v = in_blocks(v);
    const value place = iota(block).with(q);
    const value seen = less(place, reshape(place + 1, {block, 1}));             // (B, B): 1 where s <= t
    const value weights = einsum("nthk,nshk->nhts", q, k) * seen;               // (N, H, B, B)
    value y = einsum("nhts,nshv->nthv", weights, v);                            // (N, B, H, V)
    value total = permute(reduce(op::sum, weights, last.of(4)), {0, 2, 1, 3});  // (N, B, H, 1)
    if (blocks > 1) {
        const value kept = cumulative_sum(einsum("nshk,nshv->nhkv", k, v), 0, {.exclusive = true});
        const value keys = cumulative_sum(reduce(op::sum, k, axes(1).of(4)), 0, {.exclusive = true});  // (N, 1, H, K)
        y = y + einsum("nthk,nhkv->nthv", q, kept);
        total = total + reduce(op::sum, q * keys, last.of(4));
    }
    // a place that is missing has no sum
    const int all_places = blocks * block;
    const auto present = [&](value x) {
        return slice(reshape(x, {all_places, x.extent(2), x.extent(3)}), 0, 0, places);
    };
    return present(y) / present(total);
}

// place by place, with what is kept of those before: (H, K, V), (H, K), and the last result (H, V)
constexpr value attend_in_turn(value q, value k, value v) {
    const int heads = q.extent(1), wide = q.extent(2), deep = v.extent(2);
    const auto zeros = [&](const extents& shape) { return broadcast_to(constant(*q.owner, 0), shape, q.batched()); };
    const auto turn = [&](const values& before, value now) {
        const value query = slice(now, 1, 0, wide), key = slice(now, 1, wide, wide),
                    own = slice(now, 1, 2 * wide, deep);
        const value kept = before[0] + einsum("hk,hv->hkv", key, own), keys = before[1] + key;
        const value y = einsum("hk,hkv->hv", query, kept) / reduce(op::sum, query * keys, last.of(2));
        return values{kept, keys, y};
    };
    const values start{zeros({heads, wide, deep}), zeros({heads, wide}), zeros({heads, deep})};
    return scan(turn, start, concatenate({q, k, v}))[2];
}

}  // namespace linear

}  // namespace detail

template <int Heads, class... Options>
struct linear_attention_layer : layer_base<linear_attention_layer<Heads, Options...>> {
    static_assert(
        ((detail::is_option_of<Options, with_bias, causal, frame_by_frame> ||
          detail::heads::width<Options>::of_key != 0) &&
         ...),
        "linear_attention<Heads, ...>: the options are with_bias, causal, frame_by_frame and key_width<K, V>");
    static_assert(Heads >= 1, "linear_attention<Heads>: Heads must be at least 1");
    static constexpr std::string_view name = "linear_attention";
    static constexpr text describe() { return detail::written(name, {Heads}); }

    constexpr value apply(value x) const { return of(x, x); }

    constexpr value apply(value x, value context) const {
        if (looks_behind)
            return reject(*x.owner, text("a sequence alone under causal"), text("a context"),
                          text("sums over what came before are those of one sequence"));
        return of(x, context);
    }

    constexpr value apply(const values& x) const {
        if (x.count == 1) return apply(x[0]);
        if (x.count == 2) return apply(x[0], x[1]);
        return reject(detail::graph_of(x), text("a sequence, or a sequence and a context"),
                      text("") + x.count + std::string_view(" values"));
    }

  private:
    static constexpr bool in_turn = detail::has_option<frame_by_frame, Options...>;
    static constexpr bool looks_behind = in_turn || detail::has_option<causal, Options...>;

    static constexpr value of(value x, value context) {
        if (!expects(x, rank == 2, "a sequence (places, features)")) return x;
        if (!expects(context, rank == 2, "a context (places, features)")) return {x.owner, -1};
        using maps = detail::heads::maps<Heads, Options...>;
        if (!maps::divide(x)) return {x.owner, -1};
        const int k = maps::key_features_of(x), wide = maps::value_features_of(x);
        const value q = detail::linear::features_of(maps::of_heads("query", "query_bias", x, k, false));
        const value keys = detail::linear::features_of(maps::of_heads("key", "key_bias", context, k, false));
        const value kept = maps::of_heads("value", "value_bias", context, wide, false);
        const value y = in_turn        ? detail::linear::attend_in_turn(q, keys, kept)
                        : looks_behind ? detail::linear::attend_behind(q, keys, kept)
                                       : detail::linear::attend_to_all(q, keys, kept);
        return maps::together(y, x.extent(-1));
    }
};

template <int Heads, class... Options> inline constexpr linear_attention_layer<Heads, Options...> linear_attention{};

}  // namespace tessera
