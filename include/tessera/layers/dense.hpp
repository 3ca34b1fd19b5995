// dense<N>: an affine map of the features.
//
//   in      x (..., C)
//   out     y (..., N)
//
//   y = x weight + bias
//
// Parameters  weight (C, N), Kaiming for what follows a ReLU; bias (N), zero. Options: no_bias.
// Gradient    exact.
// Cost        C N multiply-adds a position.
// Errors      compile time: N < 1; an input of rank 0, or of more than 4 axes.
#pragma once
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

template <int N, class... Options> struct dense_layer : layer_base<dense_layer<N, Options...>> {
    static_assert(N >= 1, "dense<N>: N must be at least 1");
    static_assert((std::is_same_v<Options, no_bias> && ...), "dense<N, ...>: the option is no_bias");
    static constexpr std::string_view name = "dense";
    static constexpr text describe() { return text("dense<") + N + std::string_view(">"); }

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 1 && x.rank() <= 4, "features on the last axis", "rank 1 to 4")) return x;
        const int c = x.extent(-1);
        constexpr std::string_view equations[] = {"i,io->o", "ai,io->ao", "abi,io->abo", "abci,io->abco"};
        const value y = einsum(equations[x.rank() - 1], x, parameter("weight", {c, N}, initial::kaiming(c)));
        if constexpr (detail::has_option<no_bias, Options...>)
            return y;
        else
            return y + parameter("bias", {N}).no_weight_decay();  // (..., N)
    }
};

template <int N, class... Options> inline constexpr dense_layer<N, Options...> dense{};

}  // namespace tessera
