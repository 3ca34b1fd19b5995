// ternary_dense<N>: a dense layer whose weights are -1, 0 or 1 times a scale for each output.
//
//   in      x (..., C)
//   out     y (..., N)
//
//   y = (x t) alpha + bias,   t = sign(weight) where |weight| > 0.7 mean |weight|, else 0
//
// Options     no_bias.
// Parameters  weight (C, N), real, Kaiming; bias (N), zero.
// Gradient    that of ternary weights, see weights.hpp; to x exact.
// Cost        C N multiply-adds a position.
// Errors      compile time: N < 1; an input of rank 0, or of more than 4 axes.
// Source      Li, Zhang, Liu 2016, "Ternary Weight Networks".
//
//     struct net : network<(dense<64> >> relu >> ternary_dense<64> >> batch_norm >> relu >> dense<10>), shape<784>> {};
#pragma once
#include <tessera/layers/binary/weights.hpp>

namespace tessera {

template <int N, class... Options> struct ternary_dense_layer : layer_base<ternary_dense_layer<N, Options...>> {
    static_assert(N >= 1, "ternary_dense<N>: N must be at least 1");
    static_assert((std::is_same_v<Options, no_bias> && ...), "ternary_dense<N, ...>: the option is no_bias");
    static constexpr std::string_view name = "ternary_dense";
    static constexpr text describe() { return detail::written(name, {N}); }

    constexpr value apply(value x) const { return detail::stepped_dense<detail::to_ternary, Options...>(x, N); }
};

template <int N, class... Options> inline constexpr ternary_dense_layer<N, Options...> ternary_dense{};

}  // namespace tessera
