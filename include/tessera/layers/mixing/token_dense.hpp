// token_dense<N>: an affine map along the places of a sequence, the same for every feature: what mixes tokens.
//
//   in      x (T, C)
//   out     y (N, C)
//
//   y[n, c] = sum_t weight[t, n] x[t, c] + bias[n]
//
// It is dense<N> on the transposed sequence, without a transposition.
// Parameters  weight (T, N), Kaiming for what follows a ReLU; bias (N), zero. Options: no_bias.
// Gradient    exact.
// Cost        T N C multiply-adds.
// Errors      compile time: N < 1; an input of rank other than 2.
// Source      Tolstikhin et al. 2021, "MLP-Mixer: An all-MLP Architecture for Vision".
//
//     inline constexpr auto mix = token_dense<32> >> gelu >> token_dense<49>;   // of 49 places
#pragma once
#include <tessera/layers/mixing/block_options.hpp>

namespace tessera {

template <int N, class... Options> struct token_dense_layer : layer_base<token_dense_layer<N, Options...>> {
    static_assert(N >= 1, "token_dense<N>: N must be at least 1");
    static_assert((std::is_same_v<Options, no_bias> && ...), "token_dense<N, ...>: the option is no_bias");
    static constexpr std::string_view name = "token_dense";
    static constexpr text describe() { return detail::written(name, {N}); }

    constexpr value apply(value x) const {
        if (!expects(x, rank == 2, "a sequence (places, features)")) return x;
        const value y = detail::blocks::along_places(x, N);  // (N, C)
        return detail::has_option<no_bias, Options...> ? y : detail::blocks::plus_place_bias(y);
    }
};
template <int N, class... Options> inline constexpr token_dense_layer<N, Options...> token_dense{};

}  // namespace tessera
