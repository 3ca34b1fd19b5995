// levit_attention<Heads, K>: attention among an image's places, with a learnt number for each distance between them.
// levit_shrink<C, Heads, K>: the same where every second place asks, row by row: half the image comes out, of C channels.
//
//   in      x (H, W, D)
//   out     y (H, W, D); of levit_shrink (ceil(H / 2), ceil(W / 2), C)
//
//   q = norm(x query), k = norm(x key), v = norm(x value)         K, K and V features a head; norm: batch_norm
//   o = attention(q, k, v, 1 / sqrt(K), bias[h, |dy|, |dx|])      dy, dx: rows and columns from query to key in x
//   y = norm(hard_swish(o) out)
//
// Neither adds x: write residual(levit_attention<4, 16>); the shrinking one stands alone.
// Options     a further number, levit_attention<Heads, K, V>, levit_shrink<C, Heads, K, V>, is V; 2 K and 4 K unless
//             given.
// Parameters  query, key (D, Heads, K), value (D, Heads, V), Xavier; out (Heads, V, D or C), Xavier; bias (Heads, H, W),
//             zero, spared by weight decay; query_norm., key_norm., value_norm., out_norm.: those of batch_norm, the
//             weight of out_norm zero, so that a residual begins as the identity. In levit_shrink it is 1.
// State       running mean and variance of the four norms.
// Gradient    exact.
// Cost        H W D (2 K + V) Heads + H W V Heads D + (H W)^2 (K + V) Heads multiply-adds, in levit_shrink a quarter of
//             the pairs, queries and results. No scores are kept; the bias of all pairs is, once for all samples:
//             (Heads, H W, H W), and its gradient.
// Errors      compile time: Heads, K, V or C < 1; an input that is not of rank 3.
// Source      Graham et al. 2021, "LeViT: a Vision Transformer in ConvNet's Clothing for Faster Inference".
#pragma once
#include <tessera/ir/operations/attention.hpp>
#include <tessera/layers/activation/hard_swish.hpp>
#include <tessera/layers/attention/image_pairs.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

namespace detail {

namespace levit {

struct sizes {
    int heads, key, value, channels;  // channels: of the result
    int stride;
};

template <class Norm> constexpr value normed(std::string_view where, Norm norm, value y) {  // y (T, H, K)
    const value rows = reshape(y, {y.extent(0), y.extent(1) * y.extent(2)});
    return reshape(call_in(where, norm, rows), y.shape());
}

constexpr value of_heads(std::string_view weight, std::string_view norm, value x, int heads, int k) {
    const int d = x.extent(-1);
    const value y = einsum("td,dhk->thk", x, parameter(weight, {d, heads, k}, initial::xavier(d, heads * k)));
    return normed(norm, batch_norm, y);
}

template <class OutNorm> constexpr value attend_image(value x, const sizes& n, OutNorm out_norm) {
    const int rows = x.extent(0), columns = x.extent(1), d = x.extent(2);
    const int high = (rows + n.stride - 1) / n.stride, wide = (columns + n.stride - 1) / n.stride;
    const value all_places = reshape(x, {rows * columns, d});
    value asking = x;
    if (n.stride > 1) asking = slice(slice(x, 0, 0, high, n.stride), 1, 0, wide, n.stride);
    asking = reshape(asking, {high * wide, d});
    const value q = of_heads("query", "query_norm", asking, n.heads, n.key);
    const value k = of_heads("key", "key_norm", all_places, n.heads, n.key);
    const value v = of_heads("value", "value_norm", all_places, n.heads, n.value);
    const auto distance = [&](int i, int j) { return i * n.stride > j ? i * n.stride - j : j - i * n.stride; };
    const value table = parameter("bias", {n.heads, rows, columns}).no_weight_decay().with(x);
    const value bias = image_pairs::bias_of(table, image_pairs::pairs_of(*x.owner, high, rows, distance),
                                            image_pairs::pairs_of(*x.owner, wide, columns, distance));
    const value o = hard_swish(attend(q, k, v, {.scale = rsqrt(n.key)}, bias));  // (T, H, V)
    const int inner = n.heads * n.value;
    const value out = parameter("out", {n.heads, n.value, n.channels}, initial::xavier(inner, n.channels)).with(x);
    const value y = call_in("out_norm", out_norm, einsum("thv,hvd->td", o, out));
    return reshape(y, {high, wide, n.channels});
}

}  // namespace levit

}  // namespace detail

template <int Heads, int K, int V = 2 * K>
struct levit_attention_layer : layer_base<levit_attention_layer<Heads, K, V>> {
    static_assert(Heads >= 1 && K >= 1 && V >= 1, "levit_attention<Heads, K, V>: each must be at least 1");
    static constexpr std::string_view name = "levit_attention";
    static constexpr text describe() { return detail::written(name, {Heads, K}); }

    constexpr value apply(value x) const {
        if (!expects(x, rank == 3, "an image (rows, columns, channels)")) return x;
        return detail::levit::attend_image(x, {Heads, K, V, x.extent(2), 1}, batch_norm_from<0.0>);
    }
};

template <int C, int Heads, int K, int V = 4 * K>
struct levit_shrink_layer : layer_base<levit_shrink_layer<C, Heads, K, V>> {
    static_assert(C >= 1 && Heads >= 1 && K >= 1 && V >= 1, "levit_shrink<C, Heads, K, V>: each must be at least 1");
    static constexpr std::string_view name = "levit_shrink";
    static constexpr text describe() { return detail::written(name, {C, Heads, K}); }

    constexpr value apply(value x) const {
        if (!expects(x, rank == 3, "an image (rows, columns, channels)")) return x;
        return detail::levit::attend_image(x, {Heads, K, V, C, 2}, batch_norm);
    }
};

template <int Heads, int K, int V = 2 * K> inline constexpr levit_attention_layer<Heads, K, V> levit_attention{};
template <int C, int Heads, int K, int V = 4 * K> inline constexpr levit_shrink_layer<C, Heads, K, V> levit_shrink{};

}  // namespace tessera
