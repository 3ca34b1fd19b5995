// binary_dense<N>: a dense layer whose weights are a sign and a scale for each output.
//
//   in      x (..., C)
//   out     y (..., N)
//
//   y = (x sign(weight)) alpha + bias,   alpha = mean |weight| of the output
//
// Options     no_bias.
// Parameters  weight (C, N), real, Kaiming; bias (N), zero.
// Gradient    that of signs weights, see weights.hpp; to x exact.
// Cost        C N multiply-adds a position.
// Errors      compile time: N < 1; an input of rank 0, or of more than 4 axes.
// Source      Rastegari, Ordonez, Redmon, Farhadi 2016, "XNOR-Net", section 3.1.
//
//     struct net : network<(dense<64> >> relu >> binary_dense<64> >> batch_norm >> relu >> dense<10>), shape<784>> {};
#pragma once
#include <tessera/layers/binary/weights.hpp>

namespace tessera {

template <int N, class... Options> struct binary_dense_layer : layer_base<binary_dense_layer<N, Options...>> {
    static_assert(N >= 1, "binary_dense<N>: N must be at least 1");
    static_assert((std::is_same_v<Options, no_bias> && ...), "binary_dense<N, ...>: the option is no_bias");
    static constexpr std::string_view name = "binary_dense";
    static constexpr text describe() { return detail::written(name, {N}); }

    constexpr value apply(value x) const { return detail::stepped_dense<detail::to_signs, Options...>(x, N); }
};

template <int N, class... Options> inline constexpr binary_dense_layer<N, Options...> binary_dense{};

}  // namespace tessera
