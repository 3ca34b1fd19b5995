// lambda_attention<D, Heads, K, U>: every position makes of its surroundings a linear map, and applies it to its queries;
// no map of attention is computed, and nothing is normalised but the keys.
//
//   in      x (positions..., C), one or two axes of N positions
//   out     y (positions..., D), V = D / Heads features a head
//
//   q = batch_norm(x query)          (N, Heads, K)        k = softmax over the positions (x key)     (N, K, U)
//   v = batch_norm(x value)          (N, V, U)
//   content      l     = sum over m, u of k_m v_m                  (V, K)   one for all positions and heads
//   positions    l_n   = sum over m, u of positions_(m - n) v_m    (V, K)
//   y_n = (l + l_n) q_n, head by head; heads side by side
//
// positions has a row for each way from one position to another, m - n, counted from the smallest.
//
// Parameters  query (C, Heads K), normal of 1 / sqrt(C K); key (C, K, U) and value (C, V U), normal of 1 / sqrt(C);
//             query_norm, value_norm: those and the states of batch_norm; positions (2 H - 1, 2 W - 1, U, K), or of a
//             sequence (2 T - 1, U, K), normal of 1.
// Gradient    exact.
// Cost        N C (Heads K + K U + V U) + N^2 K U V + N (Heads + U) K V multiply-adds; the rows of positions that belong
//             to two positions stand in N^2 K U numbers, of which all samples have the same.
// Errors      compile time: a number < 1; Heads that do not divide D; an input of a rank other than 2 or 3.
// Source      Bello 2021, "LambdaNetworks: Modeling Long-Range Interactions Without Attention". What parameters start
//             from is not certain.
//
//     lambda_attention<64> >> batch_norm >> relu
#pragma once
#include <tessera/expression/named.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/unfold.hpp>
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>

namespace tessera {

namespace detail::lambdas {

constexpr bool expects_input(value x, int features, int heads) {
    return expects(x, x.rank() == 2 || x.rank() == 3, "(positions..., channels), rank 2 or 3") &&
           expects(x, features % heads == 0,
                   (text("features divisible by ") + heads + std::string_view(" heads")).view(),
                   "D is a multiple of Heads");
}

// of an image (H, W, C), or a sequence as one of a single row
struct projections {
    value q;        // (N, Heads, K)
    value v;        // (N, V, U)
    value content;  // (V, K)
};
constexpr projections projections_of(value x, int features, int heads, int k, int u) {
    const int c = x.extent(-1), n = x.size() / c, wide = features / heads;
    x = reshape(x, {n, c});
    const value queries = named<"query_norm">(batch_norm)(
        einsum("nc,cq->nq", x, parameter("query", {c, heads * k}, initial::normal(rsqrt(c * k)))));
    const value keys = softmax(einsum("nc,cku->kun", x, parameter("key", {c, k, u}, initial::normal(rsqrt(c)))));
    const value values = named<"value_norm">(batch_norm)(
        einsum("nc,cv->nv", x, parameter("value", {c, wide * u}, initial::normal(rsqrt(c)))));
    const value v = reshape(values, {n, wide, u});
    return {reshape(queries, {n, heads, k}), v, einsum("kun,nvu->vk", keys, v)};
}

}  // namespace detail::lambdas

template <int D, int Heads = 4, int K = 16, int U = 1>
struct lambda_attention_layer : layer_base<lambda_attention_layer<D, Heads, K, U>> {
    static_assert(D >= 1 && Heads >= 1 && K >= 1 && U >= 1, "lambda_attention<D, Heads, K, U>: all must be at least 1");
    static constexpr std::string_view name = "lambda_attention";
    static constexpr text describe() { return detail::written("lambda_attention", {D, Heads, K, U}); }

    constexpr value apply(value x) const {
        if (!detail::lambdas::expects_input(x, D, Heads)) return x;
        const bool image = x.rank() == 3;
        const int h = image ? x.extent(0) : 1, w = x.extent(-2), n = h * w;
        extents shape{2 * w - 1, U, K};
        if (image) shape = {2 * h - 1, 2 * w - 1, U, K};
        const detail::lambdas::projections p = detail::lambdas::projections_of(x, D, Heads, K, U);
        const value table = parameter("positions", shape, initial::normal(1)).with(x);
        if (!p.content.valid() || !table.valid()) return {x.owner, -1};
        detail::window view;  // the ways from the last position to all, then from the one before
        view.kernel[1] = h;
        view.kernel[2] = w;
        const value ways = unfold(reshape(table, {2 * h - 1, 2 * w - 1, U * K}), view);  // (N, N, U K)
        const value rows = reshape(reversed(ways, 0), {n, n, U, K});                     // from n to m
        const value l = einsum("nmuk,mvu->nvk", rows, p.v) + p.content;                  // (N, V, K)
        extents result = x.shape();
        result[-1] = D;
        return reshape(einsum("nhk,nvk->nhv", p.q, l), result);
    }
};

template <int D, int Heads = 4, int K = 16, int U = 1>
inline constexpr lambda_attention_layer<D, Heads, K, U> lambda_attention{};

}  // namespace tessera
