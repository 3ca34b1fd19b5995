// conv_transpose<C, K>: the transposed convolution, which spreads each element of x over a window of y.
//
//   in      x (spatial..., I), one to three spatial axes
//   out     y (spatial'..., C), spatial' = (spatial - 1) stride - before - after + dilation (kernel - 1) + output pad +
//   1
//
//   y[p stride + t dilation - before] += x[p] weight[t] for all positions p and taps t, then + bias
//
// It maps as the gradient of conv with respect to its input does: with the same options it undoes conv's extents.
// Options     kernel<...>, stride, dilation, groups<G>, pad<P>, pad_axes<...>, no_bias; output_pad<N> for further
//             elements after each axis, fewer than the stride; same: spatial' = spatial stride.
// Parameters  weight (kernel..., C / G, I), Kaiming for what follows a ReLU; bias (C), zero.
// Gradient    exact.
// Cost        |spatial| |kernel| I C / G multiply-adds.
// Errors      compile time: a rank outside 2 to 4; groups that do not divide I and C; output padding of the stride or
//             more; padding that leaves nothing.
// Source      Zeiler, Krishnan, Taylor, Fergus 2010, "Deconvolutional Networks".
#pragma once
#include <tessera/ir/operations/convolution.hpp>
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

template <int C, int K, class... Options>
struct conv_transpose_layer : layer_base<conv_transpose_layer<C, K, Options...>> {
    static_assert(C >= 1, "conv_transpose<C, K>: C must be at least 1");
    static_assert(K >= 1, "conv_transpose<C, K>: K must be at least 1");
    static_assert(detail::window_options_only<Options...>,
                  "conv_transpose<C, K, ...>: options are stride<>, pad<>, ...");
    static_assert(detail::has_one_padding<Options...> &&
                      detail::has_none<detail::layer_options::role::counting, Options...>,
                  "conv_transpose<C, K, ...>: one kind of padding, no padding_not_counted");
    static_assert(!detail::has_option<same, Options...> ||
                      detail::has_none<detail::layer_options::role::growth, Options...>,
                  "conv_transpose<C, K, ...>: same settles the extents, so output_pad is not for it");
    static constexpr std::string_view name = "conv_transpose";
    static constexpr text describe() {
        return text("conv_transpose<") + C + std::string_view(", ") + K + std::string_view(">");
    }

    constexpr value apply(value x) const {
        const detail::window_options o = detail::window_options_of<K, Options...>();
        const int spatial = x.rank() - 1, inputs = x.extent(-1);
        if (!expects(x, spatial >= 1 && spatial <= 3, "(spatial..., channels), rank 2 to 4")) return x;
        if (!expects_axes(x, o, spatial)) return x;
        if (inputs % o.groups != 0 || C % o.groups != 0)
            return reject(*x.owner, text("channels divisible by ") + o.groups + std::string_view(" groups"),
                          text("") + inputs + std::string_view(" in, ") + C + std::string_view(" out"));
        for (int a = 0; a < spatial; ++a)
            if (o.output_pad[a] >= o.stride[a])
                return reject(*x.owner, text("output padding below the stride ") + o.stride[a],
                              text("") + o.output_pad[a]);
        const extents grown = extents_of(x.shape(), o, spatial);
        for (int a = 0; a < spatial; ++a)
            if (!expects(x, grown[a] >= 1, "padding that leaves an element on every axis")) return x;
        const detail::window w = o.on(grown, spatial);
        const value y = convolve(detail::op::convolution_backward_data, x, weight(o, w, spatial, inputs).with(x), w,
                                 o.groups, grown, false);
        if constexpr (detail::has_option<no_bias, Options...>)
            return y;
        else
            return y + parameter("bias", {C}).no_weight_decay();
    }

  private:
    static constexpr extents extents_of(const extents& x, const detail::window_options& o, int spatial) {
        extents e;
        for (int a = 0; a < spatial; ++a) {
            const int span = o.dilation[a] * (o.kernel[a] - 1) + 1, steps = (x.size_of[a] - 1) * o.stride[a];
            e.push(o.same ? steps + o.stride[a] : steps - o.before[a] - o.after[a] + span + o.output_pad[a]);
        }
        e.push(C);
        return e;
    }
    static constexpr variable_request weight(const detail::window_options& o, const detail::window& w, int spatial,
                                             int inputs) {
        extents shape;
        int strides = 1;
        for (int a = 0; a < spatial; ++a) {
            shape.push(o.kernel[a]);
            strides *= o.stride[a];
        }
        shape.push(C / o.groups);
        shape.push(inputs);
        // an element of y hears one tap in `strides`
        const int fan_in = w.taps() * inputs / o.groups / strides;
        return parameter("weight", shape, initial::kaiming(fan_in > 1 ? fan_in : 1));
    }
};

template <int C, int K, class... Options> inline constexpr conv_transpose_layer<C, K, Options...> conv_transpose{};

}  // namespace tessera
