// windowed_attention<W, Heads>: attention of an image's places within windows of W x W, or of a sequence's within windows
// of W, with a learnt number for each offset between two of them.
//
//   in      x (H, L, D) or (L, D), H and L multiples of W
//   out     y like x
//
//   of each window: q, k, v = its places times query, key, value, K = D / Heads features a head
//   y = attention(q, k, v, 1 / sqrt(K), bias[h, dy + W - 1, dx + W - 1]) out      dy, dx: from key to query; of a
//                                                                                 sequence bias[h, dx + W - 1]
//
// Options     with_bias      adds a bias to each of the four maps
//             shifted<S>     windows begin S rows and columns further on, 0 < S < W, and go around the edges; of a
//                            window that does, places that are not side by side in x do not see each other
// Parameters  query, key, value (D, Heads, K), out (Heads, K, D), Xavier; bias (Heads, 2 W - 1, 2 W - 1), of a sequence
//             (Heads, 2 W - 1), zero, spared by weight decay; with_bias: query_bias, key_bias, value_bias (Heads, K),
//             out_bias (D), zero.
// Gradient    exact.
// Cost        4 H L D^2 + 2 H L P D multiply-adds, of windows of P = W^2 or W places; two copies of x, four where
//             shifted. The bias is in memory for each window, once for all samples: (H L / P, Heads, P, P), and its
//             gradient.
// Errors      compile time: W or Heads < 1; S not between 0 and W; an input that is not of rank 2 or 3; W that does not
//             divide H and L; Heads that do not divide D.
// Source      Liu et al. 2021, "Swin Transformer". There a hidden pair has a score lower by 100; here it has none.
#pragma once
#include <limits>
#include <tessera/ir/operations/attention.hpp>
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/layers/attention/image_pairs.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

template <int S> struct shifted {
    static_assert(S >= 1, "shifted<S>: S must be at least 1");
};

namespace detail {

namespace windows {

template <class Option> inline constexpr int shift_of = 0;
template <int S> inline constexpr int shift_of<shifted<S>> = S;

// what was at n comes first along an axis
constexpr value turned(value x, int axis, int n) {
    return concatenate({slice(x, axis, n, x.extent(axis) - n), slice(x, axis, 0, n)}, axis);
}

// x (2, ...), of all windows but the last along an axis and of the last, for `count` of them
constexpr value spread(value x, int axis, int count) {
    const value inner = slice(x, axis, 0, 1), edge = slice(x, axis, 1, 1);
    if (count == 1) return edge;
    extents many = inner.shape();
    many[axis] = count - 1;
    return concatenate({broadcast_to(inner, many, x.batched()), edge}, axis);
}

// (2, 2, 1, P, P): 0 where two places of a window see each other, -infinity elsewhere. Windows are of four kinds: at the
// end of rows, of columns, of both, of neither; at an end the last S rows or columns are the image's first.
// Of a single row all places are in the same part of it.
constexpr value mask(graph& g, int rows, int columns, int shift) {
    const int places = rows * columns;
    list<double> part;  // (2, 2, P): which part of its window a place is in
    for (int kind = 0; kind < 4; ++kind)
        for (int place = 0; place < places; ++place) {
            const bool below = kind / 2 == 1 && place / columns >= rows - shift;
            const bool right = kind % 2 == 1 && place % columns >= columns - shift;
            part.push_back((below ? 2 : 0) + (right ? 1 : 0));
        }
    const value own = constant(part, {2, 2, 1, places, 1}).in(g);
    return select(equal(own, reshape(own, {2, 2, 1, 1, places})), 0, -std::numeric_limits<double>::infinity());
}

}  // namespace windows

}  // namespace detail

template <int W, int Heads, class... Options>
struct windowed_attention_layer : layer_base<windowed_attention_layer<W, Heads, Options...>> {
    static constexpr int shift = (0 + ... + detail::windows::shift_of<Options>);
    static_assert(((std::is_same_v<Options, with_bias> || detail::windows::shift_of<Options> != 0) && ...),
                  "windowed_attention<W, Heads, ...>: the options are with_bias and shifted<S>");
    static_assert(W >= 1, "windowed_attention<W, Heads>: W must be at least 1");
    static_assert(Heads >= 1, "windowed_attention<W, Heads>: Heads must be at least 1");
    static_assert(shift == 0 || shift < W, "windowed_attention<W, Heads, shifted<S>>: S must be less than W");
    static constexpr std::string_view name = "windowed_attention";
    static constexpr text describe() { return detail::written(name, {W, Heads}); }

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() == 2 || x.rank() == 3, "an image (rows, columns, channels) or a sequence")) return x;
        const extents shape = x.shape();
        const bool image = x.rank() == 3;
        const int rows = image ? x.extent(0) : 1, columns = x.extent(-2), d = x.extent(-1), k = d / Heads;
        const int deep = image ? W : 1;  // rows of a window
        if (!expects(x, rows % deep == 0 && columns % W == 0,
                     (text(image ? "rows and columns divisible by " : "places divisible by ") + W).view()) ||
            !expects(x, d % Heads == 0, (text("features divisible by ") + Heads + std::string_view(" heads")).view()))
            return x;
        const int high = rows / deep, wide = columns / W, count = high * wide, places = deep * W;
        x = reshape(x, {rows, columns, d});
        if (shift > 0 && image) x = detail::windows::turned(x, 0, shift);
        if (shift > 0) x = detail::windows::turned(x, 1, shift);
        const value windows =
            reshape(permute(reshape(x, {high, deep, wide, W, d}), {1, 3, 0, 2, 4}), {places, count, d});  // (P, N, D)
        const auto of_heads = [&](std::string_view weight, std::string_view bias) {
            value y = einsum("pnd,dhk->pnhk", windows, parameter(weight, {d, Heads, k}, initial::xavier(d, d)));
            if (biased) y = y + parameter(bias, {Heads, k}).no_weight_decay();
            return reshape(y, {places, count * Heads, k});
        };
        const value q = of_heads("query", "query_bias"), keys = of_heads("key", "key_bias");
        const value kept = of_heads("value", "value_bias");
        const value bias = bias_of_windows(x, deep, high, wide, image);
        const value y = attend(q, keys, kept, {.scale = rsqrt(k)}, bias);  // (P, N H, K)
        const value out = parameter("out", {Heads, k, d}, initial::xavier(d, d)).with(x);
        value result = einsum("pnhk,hkd->pnd", reshape(y, {places, count, Heads, k}), out);
        if (biased) result = result + parameter("out_bias", {d}).no_weight_decay();
        result = reshape(permute(reshape(result, {deep, W, high, wide, d}), {2, 0, 3, 1, 4}), {rows, columns, d});
        if (shift > 0) result = detail::windows::turned(result, 1, columns - shift);
        if (shift > 0 && image) result = detail::windows::turned(result, 0, rows - shift);
        return reshape(result, shape);
    }

  private:
    static constexpr bool biased = detail::has_option<with_bias, Options...>;

    // of windows of `deep` rows; (N H, P, P)
    static constexpr value bias_of_windows(value x, int deep, int high, int wide, bool image) {
        constexpr int across = 2 * W - 1;
        const int places = deep * W, down = 2 * deep - 1;
        const extents learnt = image ? extents{Heads, down, across} : extents{Heads, across};
        const value table = parameter("bias", learnt).no_weight_decay().with(x);
        const auto offsets = [&](int n) {
            return detail::image_pairs::pairs_of(*x.owner, n, n,
                                                 [n](int query, int key) { return query - key + n - 1; });
        };
        const value one = detail::image_pairs::bias_of(reshape(table, {Heads, down, across}), offsets(deep),
                                                       offsets(W));  // (H, P, P)
        if (shift == 0)
            return reshape(
                broadcast_to(reshape(one, {1, Heads, places, places}), {high * wide, Heads, places, places}, false),
                {high * wide * Heads, places, places});
        const value kinds = one + detail::windows::mask(*x.owner, deep, W, shift);  // (2, 2, H, P, P)
        return reshape(detail::windows::spread(detail::windows::spread(kinds, 0, high), 1, wide),
                       {high * wide * Heads, places, places});
    }
};

template <int W, int Heads, class... Options>
inline constexpr windowed_attention_layer<W, Heads, Options...> windowed_attention{};

}  // namespace tessera
