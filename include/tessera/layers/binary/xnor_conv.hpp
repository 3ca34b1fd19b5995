// xnor_conv<C, K>: a convolution of signs: of its input and of its weights. What it sums are products of bits.
//
//   in      x (spatial..., I), one to three spatial axes
//   out     y (spatial'..., C)
//
//   y = convolution(sign(x), sign(weight)) alpha + bias,   alpha = mean |weight| of the channel; padding is 0
//
// The product is bit_product of what each position sees, forward in training too; in a folded model the bits of the
// weights are packed once. A border of padding, which a bit cannot be, is 1 there, and what it adds is taken away again:
// a number for each position and channel that depends on weights alone. Where 32 divides I, bits are packed once and
// moved as words; elsewhere patches of real numbers are.
// Options     kernel<...>, stride, dilation, same, pad<P>, no_bias as of conv. input_scale: y is multiplied by K, the mean
//             of |x| over the channels and the window, as in the paper.
// Parameters  weight (kernel..., I, C), real, Kaiming; bias (C), zero.
// Gradient    to x that of binarise, straight through; to the weights see weights.hpp; through K exact.
// Cost        |spatial'| |kernel| I C multiply-adds of bits; in training two such convolutions for the gradients.
// Errors      compile time: as conv; groups.
// Source      Rastegari, Ordonez, Redmon, Farhadi 2016, "XNOR-Net", section 3.2; without K as in its authors' code.
//
//     inline constexpr auto block = batch_norm >> xnor_conv<64, 3, same, no_bias> >> max_pool<2>;
#pragma once
#include <tessera/ir/operations/gather.hpp>
#include <tessera/ir/operations/pooling.hpp>
#include <tessera/ir/operations/unfold.hpp>
#include <tessera/layers/binary/xnor_dense.hpp>

namespace tessera {

namespace detail {

// the bits that each position sees, (places, taps I), of an image without padding
constexpr value patches_of_bits(value x, window w) {
    const int channels = x.extent(-1);
    for (int a = 0; a < 3; ++a) w.before[a] = w.after[a] = 0;
    if (channels % 32 != 0) {
        const value patches = unfold(x, w);  // (places, taps, I)
        return patches.valid() ? sign_bits(reshape(patches, {patches.extent(0), -1})) : patches;
    }
    extents image = x.shape();
    image[-1] = 1;
    const layout seen = windows_of(layout::row_major(image, false), w);  // places, then taps, in pixels
    list<int> rows(static_cast<std::size_t>(seen.size()), 0);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<int>(seen.at(static_cast<long>(i)));
    const int count = static_cast<int>(rows.size());
    const value bits = reshape(sign_bits(x), {image.size(), channels});
    return reshape(gather(bits, index_table(rows, {count}).with(x)), {count / w.taps(), w.taps() * channels});
}

// What taps beyond the image add where their input is taken for 1, (spatial'..., C): all that the taps of a channel add,
// less what those inside do.
constexpr value beyond_the_border(value steps, value x, const window& w) {
    const value each = sum(steps, axes(-2), keep_axes);  // (kernel..., 1, C)
    extents image = x.shape();
    image[-1] = 1;
    const value ones = broadcast_to(constant(*x.owner, 1), image, false);
    return sum(each, leading) - convolution(ones, each, w);
}

}  // namespace detail

template <int C, int K, class... Options> struct xnor_conv_layer : layer_base<xnor_conv_layer<C, K, Options...>> {
    static_assert(C >= 1 && K >= 1, "xnor_conv<C, K>: both must be at least 1");
    static_assert(((detail::window_options_only<Options> || std::is_same_v<Options, input_scale>) && ...) &&
                      detail::has_one_padding<Options...> &&
                      detail::has_none<detail::layer_options::role::grouping, Options...> &&
                      detail::has_none<detail::layer_options::role::growth, Options...> &&
                      detail::has_none<detail::layer_options::role::counting, Options...>,
                  "xnor_conv<C, K, ...>: options are stride<>, same, pad<>, input_scale, ...; no groups");
    static constexpr std::string_view name = "xnor_conv";
    static constexpr text describe() { return detail::written(name, {C, K}); }

    constexpr value apply(value x) const {
        const detail::window_options o = detail::window_options_of<K, Options...>();
        const std::optional<detail::window> checked = detail::window_of_convolution(x, C, o);
        if (!checked) return {x.owner, -1};
        const detail::window w = *checked;
        const value weight = detail::weight_of_convolution(x, C, o, w);  // (kernel..., I, C)
        const stepped_weights made = signed_weights(weight);
        // the first is computed, the second differentiated
        const value dots = straight_through(in_bits(x, weight, made.steps, w),
                                            convolution(binarise_layer{}.apply(x), made.steps, w));  // (spatial'..., C)
        value y = dots * made.scale;
        if constexpr (detail::has_option<input_scale, Options...>)
            y = y * pool_windows(detail::op::average_pool, mean(abs(x), last, keep_axes), w);
        return detail::with_bias_of<Options...>(y, C);
    }

  private:
    static constexpr value in_bits(value x, value weight, value steps, const detail::window& w) {
        const int spatial = x.rank() - 1;
        extents before, after, shape;
        bool pads = false;
        for (int i = 0; i < spatial; ++i) {
            const int a = 3 - spatial + i;
            before.push(w.before[a]);
            after.push(w.after[a]);
            shape.push(w.positions(a, x.extent(i)));
            pads = pads || w.before[a] > 0 || w.after[a] > 0;
        }
        before.push(0);
        after.push(0);
        shape.push(C);
        const value rows = permute(reshape(weight, {-1, C}), {1, 0});  // (C, taps I)
        const value patches = detail::patches_of_bits(pads ? padded(x, before, after) : x, w);
        const value dots = reshape(bit_product(patches, sign_bits(rows)), shape);  // (spatial'..., C)
        return pads ? dots - detail::beyond_the_border(steps, x, w) : dots;
    }
};

template <int C, int K, class... Options> inline constexpr xnor_conv_layer<C, K, Options...> xnor_conv{};

}  // namespace tessera
