// deformable_conv<C, K>: a convolution whose taps read the image where they are told to, between the pixels.
//
//   in      x (H, W, I); where the offsets are not the layer's own, offsets (H', W', 2 T) of T = K K taps, and
//           perhaps weights of the taps (H', W', T); of G offset groups G times as many of both
//   out     y (H', W', C)
//
//   y_p = sum over taps t of m_pt x(p stride + t dilation - before + offset_pt) weight_t + bias
//
// An offset is row and column in pixels, taps in the order of rows. What lies around the image counts as 0, also half a
// pixel away from it: see ir/operations/sample.hpp. With offsets of 0 it is a
// convolution.
//
// Options     those of a convolution of two axes: kernel<...>, stride, dilation, same, pad<P>, no_bias; modulated: the
//             layer's own weights of taps, m = sigmoid(...), as in the second paper; otherwise m = 1. Given from outside,
//             they are used as they are. offset_groups<G>: the channels are read in G groups, each by offsets and
//             weights of its own: there are G times as many of both, those of a group side by side.
// Parameters  weight (K, K, I, C), Kaiming; bias (C), zero. Of the layer's own offsets: offset.weight (K, K, I, 2 G T),
//             offset.bias (2 G T), zero: a convolution of the same window; modulated: G T more.
// Gradient    exact; at a whole number that of the side of the greater numbers.
// Cost        |H' W'| T I C multiply-adds, and T I times four pixels a position; what the taps read is kept, T times as
//             much as x where the stride is 1, and copied once more where it is of several groups.
// Errors      compile time: C, K or G < 1; an input that is not an image; offsets or weights of other extents; groups
//             of the convolution; G that does not divide I.
// Source      Dai et al. 2017, "Deformable Convolutional Networks"; Zhu, Hu, Lin, Dai 2019, "Deformable ConvNets v2".
//
//     deformable_conv<64, 3, same>                                   // offsets of its own
//     fork(identity, conv<18, 3, same>) >> deformable_conv<64, 3, same>     // offsets that are made for it
#pragma once
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/sample.hpp>
#include <tessera/layers/activation/sigmoid.hpp>
#include <tessera/layers/conv.hpp>

namespace tessera {

struct modulated {};
template <int G> struct offset_groups {
    static_assert(G >= 1, "offset_groups<G>: G must be at least 1");
};

namespace detail::deformable {

template <class> inline constexpr int groups_of = 0;  // 0: another option
template <int G> inline constexpr int groups_of<offset_groups<G>> = G;

constexpr bool expects_image(value x, const window_options& options, window& w) {
    if (!expects(x, rank == 3, "an image (rows, columns, channels)") || !expects_axes(x, options, 2)) return false;
    w = options.on(x.shape(), 2);
    return expects_fit(x, w, 2);
}

// what a layer makes of its input: the offsets (H', W', 2 G T), and further G T numbers where its taps are weighed
constexpr value offsets_of(value x, const window& w, bool weighed, int groups = 1) {
    const scope_guard inside(*x.owner, "offset", text("offset"), false);
    const int count = (weighed ? 3 : 2) * groups * w.taps();
    return convolution(x, parameter("weight", {w.kernel[1], w.kernel[2], x.extent(2), count}), w) +
           parameter("bias", {count}).no_weight_decay();
}

// the taps' sum, without a bias; offsets (H', W', 2 G T), weights (H', W', G T) of the taps, or none
constexpr value convolve(value x, const window& w, value offsets, value weights, int channels, int groups = 1) {
    if (!x.valid() || !offsets.valid()) return {x.owner, -1};
    const int rows = w.positions(1, x.extent(0)), columns = w.positions(2, x.extent(1)), taps = w.taps();
    list<double> of_row, of_tap;  // where a tap would read, in two parts, one of them a line's, so long runs are added
    const auto add = [](list<double>& to, int row, int column) {
        to.push_back(row);
        to.push_back(column);
    };
    for (int i = 0; i < rows; ++i) add(of_row, i * w.stride[1] - w.before[1], 0);
    for (int column = 0; column < columns; ++column)
        for (int i = 0; i < w.kernel[1]; ++i)
            for (int j = 0; j < w.kernel[2]; ++j)
                add(of_tap, i * w.dilation[1], column * w.stride[2] - w.before[2] + j * w.dilation[2]);
    const int inputs = x.extent(2), each = inputs / groups;
    value seen;  // (H', W', T, I)
    for (int g = 0; g < groups; ++g) {
        const auto of_group = [&](value all, int count) { return groups == 1 ? all : slice(all, 2, g * count, count); };
        const value at = reshape(of_group(offsets, 2 * taps), {rows, columns, taps, 2}) +
                         constant(of_row, {rows, 1, 1, 2}) + constant(of_tap, {columns, taps, 2});
        value part = sample(of_group(x, each), at);  // (H', W', T, I / G)
        if (weights.owner != nullptr) part = part * reshape(of_group(weights, taps), {rows, columns, taps, 1});
        seen = g == 0 ? part : concatenate({seen, part});
    }
    const value kernel =
        parameter("weight", {w.kernel[1], w.kernel[2], inputs, channels}, initial::kaiming(taps * inputs)).with(x);
    return einsum("hwti,tio->hwo", seen, reshape(kernel, {taps, inputs, channels}));
}

}  // namespace detail::deformable

template <int C, int K, class... Options>
struct deformable_conv_layer : layer_base<deformable_conv_layer<C, K, Options...>> {
    static_assert(C >= 1, "deformable_conv<C, K>: C must be at least 1");
    static_assert(K >= 1, "deformable_conv<C, K>: K must be at least 1");
    static_assert(((detail::window_options_only<Options> || std::is_same_v<Options, modulated> ||
                    detail::deformable::groups_of<Options> > 0) &&
                   ...),
                  "deformable_conv<C, K, ...>: options are stride<>, same, pad<>, ..., modulated and offset_groups<G>");
    static_assert(detail::has_none<detail::layer_options::role::grouping, Options...> &&
                      detail::has_none<detail::layer_options::role::growth, Options...> &&
                      detail::has_none<detail::layer_options::role::counting, Options...> &&
                      detail::layer_options::count_of<detail::layer_options::role::padding, Options...> <= 1,
                  "deformable_conv<C, K, ...>: one kind of padding, no groups, no output_pad, no padding_not_counted");
    static constexpr std::string_view name = "deformable_conv";
    static constexpr text describe() { return detail::written("deformable_conv", {C, K}); }

    constexpr value apply(value x) const {
        detail::window w;
        if (!expects_image(x, w)) return x;
        constexpr bool weighed = detail::has_option<modulated, Options...>;
        const int taps = groups * w.taps();
        const value own = detail::deformable::offsets_of(x, w, weighed, groups);
        if constexpr (weighed)
            return biased(x, w, slice(own, 2, 0, 2 * taps), sigmoid(slice(own, 2, 2 * taps, taps)));
        else
            return biased(x, w, own, {});
    }
    constexpr value apply(value x, value offsets) const {
        detail::window w;
        if (!expects_image(x, w) || !expects_places(offsets, x, w, 2)) return {x.owner, -1};
        return biased(x, w, offsets, {});
    }
    constexpr value apply(value x, value offsets, value weights) const {
        detail::window w;
        if (!expects_image(x, w) || !expects_places(offsets, x, w, 2) || !expects_places(weights, x, w, 1))
            return {x.owner, -1};
        return biased(x, w, offsets, weights);
    }

  private:
    static constexpr detail::window_options options = detail::window_options_of<K, Options...>();
    static constexpr int groups = [] {
        int g = 0;
        ((g = detail::deformable::groups_of<Options> > 0 ? detail::deformable::groups_of<Options> : g), ...);
        return g > 0 ? g : 1;
    }();

    static constexpr bool expects_image(value x, detail::window& w) {
        return detail::deformable::expects_image(x, options, w) &&
               expects(x, x.extent(2) % groups == 0,
                       (text("channels divisible by ") + groups + std::string_view(" offset groups")).view());
    }
    static constexpr bool expects_places(value given, value x, const detail::window& w, int each) {
        const extents wanted{w.positions(1, x.extent(0)), w.positions(2, x.extent(1)), each * groups * w.taps()};
        return expects(given, given.shape() == wanted,
                       (text(each == 2 ? "offsets " : "weights of taps ") + wanted.describe().view()).view());
    }
    static constexpr value biased(value x, const detail::window& w, value offsets, value weights) {
        const value y = detail::deformable::convolve(x, w, offsets, weights, C, groups);
        if constexpr (detail::has_option<no_bias, Options...>)
            return y;
        else
            return y + parameter("bias", {C}).no_weight_decay();
    }
};

template <int C, int K, class... Options> inline constexpr deformable_conv_layer<C, K, Options...> deformable_conv{};

}  // namespace tessera
