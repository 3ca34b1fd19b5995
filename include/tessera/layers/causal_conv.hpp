// causal_conv<C, K>: a convolution over time that sees no element to come.
//
//   in      x (T, I)
//   out     y (T, C)
//
//   y_t = sum over k < K of x_(t - (K - 1 - k) D) weight[k] + bias, x before the first element 0
//
// In a stream the last (K - 1) D elements are states, in a ring: a frame costs the same whatever the dilation D.
// Options     dilation<D>, groups<G>, no_bias.
// Parameters  weight (K, I / G, C), Kaiming for what follows a ReLU; bias (C), zero: those of a conv<C, K>.
// Gradient    exact.
// Cost        K I / G C multiply-adds an element of time.
// Errors      compile time: C < 1; K < 1; other options; an input of rank other than 2; groups that do not divide I and
//             C. In a stream: in iterate; an axis 0 that is not time.
// Source      van den Oord et al. 2016, "WaveNet: A generative model for raw audio"; the ring is that of Le Paine et
//             al. 2016, "Fast WaveNet generation algorithm".
#pragma once
#include <tessera/ir/operations/delay_line.hpp>
#include <tessera/layers/conv.hpp>

namespace tessera {

namespace detail {

template <class Option> inline constexpr bool is_option_of_causal_conv = std::is_same_v<Option, no_bias>;
template <int N> inline constexpr bool is_option_of_causal_conv<dilation<N>> = true;
template <int N> inline constexpr bool is_option_of_causal_conv<groups<N>> = true;

}  // namespace detail

template <int C, int K, class... Options> struct causal_conv_layer : layer_base<causal_conv_layer<C, K, Options...>> {
    static_assert(C >= 1, "causal_conv<C, K>: C must be at least 1");
    static_assert(K >= 1, "causal_conv<C, K>: K must be at least 1");
    static_assert((detail::is_option_of_causal_conv<Options> && ...),
                  "causal_conv<C, K, ...>: options are dilation<D>, groups<G> and no_bias");
    static constexpr std::string_view name = "causal_conv";
    static constexpr text describe() { return detail::written(name, {C, K}); }

    constexpr value apply(value x) const {
        if (!expects(x, rank == 2, "a sequence (time, channels)")) return x;
        detail::window_options o = detail::window_options_of<K, Options...>();
        const bool streams = detail::looks_back_by_states(x);
        if (streams) {
            x = detail::delayed(x, K, o.dilation[0]);  // (K, I)
            o.dilation[0] = 1;
        } else {
            o.before[0] = (K - 1) * o.dilation[0];
        }
        const value y = detail::convolve_with_parameters<Options...>(x, C, o);  // (T, C)
        if (y.valid() && !streams) detail::runs_by_frame(y.get().kind == detail::op::convolution ? y : y.argument(0));
        return y;
    }
};

template <int C, int K, class... Options> inline constexpr causal_conv_layer<C, K, Options...> causal_conv{};

}  // namespace tessera
