// Weights of few values, made of real ones that are trained: a sign, or one of three, and a scale for each output. The
// outputs are the last axis; n is the number of weights of one.
//
//   signed_weights(w)     steps sign(w); scale alpha = mean |w| of the output
//   ternary_weights(w)    steps sign(w) where |w| > 0.7 mean |w|, else 0; scale the mean |w| of those that are not 0
//
// A layer multiplies by the steps and scales what comes out, so its sums are of whole numbers where its input is.
//
// Gradient    with dW that of the scaled weight: dw = dW (1 / n + alpha [|w| < 1]) of signs, as XNOR-Net has it, where the
//             exact one would have each weight see the sum over its output; dw = dW of ternary weights. The scale has
//             none of its own.
// Cost        five operations a weight, none in a folded model.
// Source      Rastegari, Ordonez, Redmon, Farhadi 2016, "XNOR-Net"; Li, Zhang, Liu 2016, "Ternary Weight Networks".
#pragma once
#include <optional>
#include <tessera/ir/operations/convolution.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/layers/binary/binarise.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

struct stepped_weights {
    value steps;  // whole numbers, like w
    value scale;  // (outputs)
};

namespace detail {

inline constexpr double least_scale = 1e-30;  // of an output whose weights are all 0

}  // namespace detail

constexpr stepped_weights signed_weights(value w) {
    if (!expects(detail::within{"signed_weights"}, w, w.rank() >= 1, "weights (..., outputs)")) return {w, w};
    const value scale = stop_gradient(mean(abs(w), leading));
    const double share = static_cast<double>(w.extent(-1)) / w.size();  // 1 / n
    const value steps = with_gradient(select(less(w, 0), -1, 1), w, [&](value ds) {
        return ds * (less(abs(w), 1) + share / maximum(scale, detail::least_scale));  // ds = alpha dW
    });
    return {steps, scale};
}

constexpr stepped_weights ternary_weights(value w) {
    if (!expects(detail::within{"ternary_weights"}, w, w.rank() >= 1, "weights (..., outputs)")) return {w, w};
    const value size = abs(w);
    const value kept = less(0.7 * mean(size, leading), size);
    const value scale = stop_gradient(sum(kept * size, leading) / maximum(sum(kept, leading), 1));
    const value steps =
        with_gradient(kept * sign(w), w, [&](value ds) { return ds / maximum(scale, detail::least_scale); });
    return {steps, scale};
}

namespace detail {

// Makes of a parameter what a layer multiplies by.
struct to_signs {
    constexpr stepped_weights operator()(value w) const { return signed_weights(w); }
};
struct to_ternary {
    constexpr stepped_weights operator()(value w) const { return ternary_weights(w); }
};

template <class... Options> constexpr value with_bias_of(value y, int features) {
    if constexpr (has_option<no_bias, Options...>)
        return y;
    else
        return y + parameter("bias", {features}).no_weight_decay();
}

// x (..., C) to (..., N)
template <class Make, class... Options> constexpr value stepped_dense(value x, int features) {
    if (!expects(x, x.rank() >= 1 && x.rank() <= 4, "features on the last axis", "rank 1 to 4")) return x;
    const int c = x.extent(-1);
    const stepped_weights w = Make{}(parameter("weight", {c, features}, initial::kaiming(c)).with(x));
    return with_bias_of<Options...>(einsum("...i,io->...o", x, w.steps) * w.scale, features);
}

// the window of a convolution of x; nothing where it has been refused
constexpr std::optional<window> window_of_convolution(value x, int channels, const window_options& o) {
    const int spatial = x.rank() - 1, inputs = x.extent(-1);
    if (!expects(x, spatial >= 1 && spatial <= 3, "(spatial..., channels), rank 2 to 4")) return {};
    if (!expects_axes(x, o, spatial)) return {};
    if (inputs % o.groups != 0 || channels % o.groups != 0) {
        reject(*x.owner, text("channels divisible by ") + o.groups + std::string_view(" groups"),
               text("") + inputs + std::string_view(" in, ") + channels + std::string_view(" out"));
        return {};
    }
    const window w = o.on(x.shape(), spatial);
    if (!expects_fit(x, w, spatial)) return {};
    return w;
}
// (kernel..., I / groups, channels)
constexpr extents shape_of_filter(value x, int channels, const window_options& o) {
    extents shape;
    for (int a = 0; a < x.rank() - 1; ++a) shape.push(o.kernel[a]);
    shape.push(x.extent(-1) / o.groups);
    shape.push(channels);
    return shape;
}
constexpr value weight_of_convolution(value x, int channels, const window_options& o, const window& w) {
    return parameter("weight", shape_of_filter(x, channels, o), initial::kaiming(w.taps() * x.extent(-1) / o.groups))
        .with(x);
}
template <class Make, class... Options>
constexpr value stepped_convolution(value x, int channels, const window_options& o) {
    const std::optional<window> w = window_of_convolution(x, channels, o);
    if (!w) return {x.owner, -1};
    const stepped_weights made = Make{}(weight_of_convolution(x, channels, o, *w));
    return with_bias_of<Options...>(convolution(x, made.steps, *w, o.groups) * made.scale, channels);
}

}  // namespace detail

}  // namespace tessera
