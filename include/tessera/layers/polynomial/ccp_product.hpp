// ccp_product<N, Degree, Rank>: a polynomial with terms of every degree: the coupled CP form of Pi-nets.
//
//   in      x (..., C)
//   out     y (..., N)
//
//   z_1 = x u_1
//   z_n = (x u_n) z_(n - 1) + z_(n - 1)        element by element, n = 2 ... Degree
//   y   = z_Degree c + bias
//
// Options     no_bias.
// Parameters  u (C, Degree, Rank), normal with deviation 1 / sqrt(C); c (Rank, N), normal with 1 / sqrt(Rank); bias
//             (N), zero.
// Gradient    exact.
// Cost        C Degree Rank + Rank N multiply-adds a position.
// Errors      compile time: N, Degree or Rank < 1; an input of rank 0 or above 3.
// Source      Chrysos, Moschoglou, Bouritsas, Panagakis, Deng, Zafeiriou 2020, "Pi-nets: Deep Polynomial Neural
//             Networks", section 3.1.
//
//     struct net : network<(ccp_product<16, 3, 32> >> dense<2>), shape<4>> {};
#pragma once
#include <tessera/layers/polynomial/cp_product.hpp>

namespace tessera {

template <int N, int Degree, int Rank, class... Options>
struct ccp_product_layer : layer_base<ccp_product_layer<N, Degree, Rank, Options...>> {
    static_assert(N >= 1 && Degree >= 1 && Rank >= 1, "ccp_product<N, Degree, Rank>: all of them at least 1");
    static_assert((std::is_same_v<Options, no_bias> && ...),
                  "ccp_product<N, Degree, Rank, ...>: the option is no_bias");
    static constexpr std::string_view name = "ccp_product";
    static constexpr text describe() { return detail::written(name, {N, Degree, Rank}); }

    constexpr value apply(value x) const {
        if (!detail::expects_polynomial_input(x)) return x;
        const value maps = detail::maps_of(x, "u", Degree, Rank);  // (..., Degree, Rank)
        value z = detail::map_at(maps, 0);
        for (int n = 1; n < Degree; ++n) z = detail::map_at(maps, n) * z + z;  // (..., Rank)
        return detail::polynomial_result<Options...>(z, N);
    }
};

template <int N, int Degree, int Rank, class... Options>
inline constexpr ccp_product_layer<N, Degree, Rank, Options...> ccp_product{};

}  // namespace tessera
