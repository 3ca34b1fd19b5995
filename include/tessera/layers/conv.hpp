// conv<C, K>: convolution in as many dimensions as the input has spatial axes (one to three).
//
//   in      x (spatial..., I)
//   out     y (spatial'..., C)
//
//   y[p] = sum over taps t of x[p stride + t dilation - before] weight[t] + bias
//
// Options     kernel<...> for a kernel that is not a cube, stride, dilation, groups<G>, same, pad<P>, no_bias.
//             depthwise: depthwise_conv<K, Multiplier>, a group for each channel.
// Parameters  weight (kernel..., I / G, C), Kaiming for what follows a ReLU; bias (C), zero.
// Gradient    exact.
// Cost        |spatial'| |kernel| I / G C multiply-adds.
// Errors      compile time: a rank outside 2 to 4; groups that do not divide I and C; a kernel larger than the
//             padded input.
#pragma once
#include <tessera/ir/operations/convolution.hpp>
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

namespace detail {

// x, a weight made for it, and the bias: what conv and depthwise_conv share
template <class... Options> constexpr value convolve_with_parameters(value x, int channels, const window_options& o) {
    const int spatial = x.rank() - 1, inputs = x.extent(-1);
    if (!expects(x, spatial >= 1 && spatial <= 3, "(spatial..., channels), rank 2 to 4")) return x;
    if (!expects_axes(x, o, spatial)) return x;
    if (inputs % o.groups != 0 || channels % o.groups != 0)
        return reject(*x.owner, text("channels divisible by ") + o.groups + std::string_view(" groups"),
                      text("") + inputs + std::string_view(" in, ") + channels + std::string_view(" out"));
    const window w = o.on(x.shape(), spatial);
    if (!expects_fit(x, w, spatial)) return {x.owner, -1};
    extents shape;
    for (int a = 0; a < spatial; ++a) shape.push(o.kernel[a]);
    shape.push(inputs / o.groups);
    shape.push(channels);
    const value y =
        convolution(x, parameter("weight", shape, initial::kaiming(w.taps() * inputs / o.groups)), w, o.groups);
    if constexpr (has_option<no_bias, Options...>)
        return y;
    else
        return y + parameter("bias", {channels}).no_weight_decay();
}

}  // namespace detail

template <int C, int K, class... Options> struct conv_layer : layer_base<conv_layer<C, K, Options...>> {
    static_assert(C >= 1, "conv<C, K>: C must be at least 1");
    static_assert(K >= 1, "conv<C, K>: K must be at least 1");
    static_assert(detail::window_options_only<Options...>,
                  "conv<C, K, ...>: options are stride<>, same, pad<>, groups<>, ...");
    static_assert(detail::has_one_padding<Options...>,
                  "conv<C, K, ...>: same, valid, pad<> or pad_axes<>, and no two of them");
    static_assert(detail::has_none<detail::layer_options::role::growth, Options...>,
                  "conv<C, K, ...>: output_pad is conv_transpose's");
    static_assert(detail::has_none<detail::layer_options::role::counting, Options...>,
                  "conv<C, K, ...>: padding_not_counted is avg_pool's");
    static constexpr std::string_view name = "conv";
    static constexpr text describe() { return text("conv<") + C + std::string_view(", ") + K + std::string_view(">"); }

    constexpr value apply(value x) const {
        return convolve_with_parameters<Options...>(x, C, detail::window_options_of<K, Options...>());
    }
};

template <int C, int K, class... Options> inline constexpr conv_layer<C, K, Options...> conv{};

template <int K, int Multiplier, class... Options>
struct depthwise_conv_layer : layer_base<depthwise_conv_layer<K, Multiplier, Options...>> {
    static_assert(K >= 1 && Multiplier >= 1, "depthwise_conv<K, Multiplier>: both must be at least 1");
    static_assert(detail::window_options_only<Options...>,
                  "depthwise_conv<K, ...>: options are stride<>, same, pad<>, ...");
    static_assert(detail::has_none<detail::layer_options::role::grouping, Options...>,
                  "depthwise_conv<K, ...>: every channel is a group, so groups<> is not for it");
    static_assert(detail::has_one_padding<Options...> &&
                      detail::has_none<detail::layer_options::role::growth, Options...> &&
                      detail::has_none<detail::layer_options::role::counting, Options...>,
                  "depthwise_conv<K, ...>: one kind of padding, no output_pad, no padding_not_counted");
    static constexpr std::string_view name = "depthwise_conv";
    static constexpr text describe() { return text("depthwise_conv<") + K + std::string_view(">"); }

    constexpr value apply(value x) const {
        detail::window_options o = detail::window_options_of<K, Options...>();
        o.groups = x.extent(-1);
        return convolve_with_parameters<Options...>(x, x.extent(-1) * Multiplier, o);
    }
};

template <int K, int Multiplier = 1, class... Options>
inline constexpr depthwise_conv_layer<K, Multiplier, Options...> depthwise_conv{};

}  // namespace tessera
