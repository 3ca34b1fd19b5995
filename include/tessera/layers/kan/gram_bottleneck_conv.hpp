// gram_bottleneck_conv<C, K, Degree>: gram_conv on few channels, beside a linear branch of all.
//
//   in      x (spatial..., I)
//   out     y (spatial'..., C)
//
//   z = inner x, M channels, at each place;  v = conv of the functions silu(P_n(tanh z)), M channels
//   y = silu(norm(outer v + conv(silu(x), base)))
//
//   M = max(I, C) / 4 for each group; where that is below 16, min(16, I / G, C / G)
//
// Options     those of kan_conv that are about what is around: base_branch<F>, normalised_by<F>, activated_by<F>, and
//             stride, same, pad, dilation, groups, kernel. The norm is instance_norm without weight and bias.
// Parameters  inner (I / G, M) and outer (M, C / G), weight (kernel..., M, Degree + 1, M) for each group, recurrence
//             (Degree + 1), base (kernel..., I / G, C). Of 16 channels to 32 with K 3: 14,596 numbers.
// Gradient    exact.
// Cost        |spatial'| |kernel| (M^2 (Degree + 1) / G + I C / G) multiply-adds, and those of two products.
// Errors      compile time: those of kan_conv.
// Source      Drokin 2024, "Kolmogorov-Arnold Convolutions: Design Principles and Empirical Studies".
#pragma once
#include <tessera/layers/kan/gram.hpp>
#include <tessera/layers/kan/published.hpp>

namespace tessera {

namespace detail::kan {

constexpr int bottleneck_of(int inputs, int outputs, int groups) {
    const int i = inputs / groups, o = outputs / groups, quarter = (i > o ? i : o) / 4;
    const int few = i < o ? i : o;
    return quarter >= 16 ? quarter : few < 16 ? few : 16;
}

// x (spatial..., I) to (spatial'..., channels)
template <int Degree, class... Options>
constexpr value gram_bottleneck(value x, int channels, const window_options& o) {
    const int spatial = x.rank() - 1, inputs = x.extent(-1), g = o.groups;
    if (!expects(x, spatial >= 1 && spatial <= 3, "(spatial..., channels), rank 2 to 4")) return x;
    if (inputs % g != 0 || channels % g != 0)
        return reject(*x.owner, text("channels divisible by ") + g + std::string_view(" groups"),
                      text("") + inputs + std::string_view(" in, ") + channels + std::string_view(" out"));
    const int m = bottleneck_of(inputs, channels, g);
    // a window of one element where there are groups, a product of the features else
    window single;
    const auto at_each_place = [&](value v, std::string_view name, int from, int to) {
        const initialiser start = initial::uniform(initial::root_per_fan(3, from));
        if (g == 1) return einsum("...i,io->...o", v, parameter(name, {from, to}, start));
        extents edge;
        for (int a = 0; a < spatial; ++a) edge.push(1);
        edge.push(from);
        edge.push(to * g);
        return convolution(v, parameter(name, edge, start), single, g);
    };
    value y = at_each_place(x, "inner", inputs / g, m);  // (spatial..., M G)
    y = convolve<gram<Degree>, no_base, functions_of<bounded>, unscaled, zeros_after>(y, m * g, o);
    if (!y.valid()) return y;
    y = at_each_place(y, "outer", m, channels / g);  // (spatial'..., C)
    if constexpr (has_base<Options...>) {
        extents edge;
        for (int a = 0; a < spatial; ++a) edge.push(o.kernel[a]);
        edge.push(inputs / g);
        edge.push(channels);
        const window w = o.on(x.shape(), spatial);
        y = y + convolution(apply_option<role::base, Options...>(x),
                            parameter("base", edge, start_of<Options...>(w.taps() * (inputs / g), 1)), w, g);
    }
    return finished<Options...>(y);
}

}  // namespace detail::kan

template <int C, int K, int Degree, class... Options>
struct gram_bottleneck_conv_layer : layer_base<gram_bottleneck_conv_layer<C, K, Degree, Options...>> {
    static_assert(C >= 1, "gram_bottleneck_conv<C, K>: C must be at least 1");
    static_assert(K >= 1, "gram_bottleneck_conv<C, K>: K must be at least 1");
    static_assert(((detail::kan::is_around<Options> || detail::window_options_only<Options>) && ...),
                  "gram_bottleneck_conv<C, K, Degree, ...>: options are stride<>, same, groups<>, base_branch<>, ...");
    static_assert(detail::has_one_padding<Options...> &&
                      detail::has_none<detail::layer_options::role::growth, Options...> &&
                      detail::has_none<detail::layer_options::role::bias, Options...> &&
                      detail::has_none<detail::layer_options::role::counting, Options...>,
                  "gram_bottleneck_conv<C, K, ...>: one kind of padding, no output_pad, no no_bias");
    static constexpr std::string_view name = "gram_bottleneck_conv";
    static constexpr text describe() { return detail::written(name, {C, K, Degree}); }

    constexpr value apply(value x) const {
        return detail::kan::gram_bottleneck<Degree, Options..., base_branch<silu>, detail::kan::plain_norm,
                                            activated_by<silu>>(x, C, detail::window_options_of<K, Options...>());
    }
};

template <int C, int K, int Degree = 3, class... Options>
inline constexpr gram_bottleneck_conv_layer<C, K, Degree, Options...> gram_bottleneck_conv{};

}  // namespace tessera
