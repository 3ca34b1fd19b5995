// ncp_product<N, Degree, Rank>: a polynomial of which each degree mixes what the one before has made: the nested coupled
// CP form of Pi-nets.
//
//   in      x (..., C)
//   out     y (..., N)
//
//   z_1 = (x a_1) b_1
//   z_n = (x a_n) (z_(n - 1) s_n + b_n)        element by element, n = 2 ... Degree
//   y   = z_Degree c + bias
//
// b_n is one vector, for which the paper has the product of a matrix and a vector that are learnt both.
// Options     no_bias.
// Parameters  a (C, Degree, Rank), normal with deviation 1 / sqrt(C); b (Degree, Rank), one; s (Degree - 1, Rank,
//             Rank), normal with 1 / sqrt(Rank), where Degree > 1; c (Rank, N), likewise; bias (N), zero.
// Gradient    exact.
// Cost        C Degree Rank + (Degree - 1) Rank^2 + Rank N multiply-adds a position.
// Errors      compile time: N, Degree or Rank < 1; an input of rank 0 or above 3.
// Source      Chrysos, Moschoglou, Bouritsas, Panagakis, Deng, Zafeiriou 2020, "Pi-nets: Deep Polynomial Neural
//             Networks", section 3.2.
//
//     struct net : network<(ncp_product<16, 3, 32> >> dense<2>), shape<4>> {};
#pragma once
#include <tessera/layers/polynomial/cp_product.hpp>

namespace tessera {

template <int N, int Degree, int Rank, class... Options>
struct ncp_product_layer : layer_base<ncp_product_layer<N, Degree, Rank, Options...>> {
    static_assert(N >= 1 && Degree >= 1 && Rank >= 1, "ncp_product<N, Degree, Rank>: all of them at least 1");
    static_assert((std::is_same_v<Options, no_bias> && ...),
                  "ncp_product<N, Degree, Rank, ...>: the option is no_bias");
    static constexpr std::string_view name = "ncp_product";
    static constexpr text describe() { return detail::written(name, {N, Degree, Rank}); }

    constexpr value apply(value x) const {
        if (!detail::expects_polynomial_input(x)) return x;
        const value maps = detail::maps_of(x, "a", Degree, Rank);  // (..., Degree, Rank)
        const value b = parameter("b", {Degree, Rank}, initial::constant(1)).no_weight_decay().with(x);
        value z = detail::map_at(maps, 0) * detail::map_at(b, 0);  // (..., Rank)
        if constexpr (Degree > 1) {
            const value s = parameter("s", {Degree - 1, Rank, Rank}, initial::normal(rsqrt(Rank))).with(x);
            for (int n = 1; n < Degree; ++n) {
                const value mixing = reshape(slice(s, 0, n - 1, 1), {Rank, Rank});
                z = detail::map_at(maps, n) * (einsum("...r,rq->...q", z, mixing) + detail::map_at(b, n));
            }
        }
        return detail::polynomial_result<Options...>(z, N);
    }
};

template <int N, int Degree, int Rank, class... Options>
inline constexpr ncp_product_layer<N, Degree, Rank, Options...> ncp_product{};

}  // namespace tessera
