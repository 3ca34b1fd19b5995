// cp_product<N, Degree, Rank>: a polynomial as a product of linear maps: a tensor of Degree in the form of CP.
//
//   in      x (..., C)
//   out     y (..., N)
//
//   y = ((x u_1) (x u_2) ... (x u_Degree)) c + bias        products element by element
//
// Of degree exactly Degree, and homogeneous but for the bias.
// Options     no_bias.
// Parameters  u (C, Degree, Rank), normal with deviation 1 / sqrt(C); c (Rank, N), normal with 1 / sqrt(Rank); bias
//             (N), zero.
// Gradient    exact; a map has the product of the others, without a division.
// Cost        C Degree Rank + Rank N multiply-adds a position.
// Errors      compile time: N, Degree or Rank < 1; an input of rank 0 or above 3.
// Source      Kolda, Bader 2009, "Tensor Decompositions and Applications"; as a layer: Chrysos et al. 2020, "Pi-nets".
//
//     struct net : network<(cp_product<16, 3, 32> >> dense<2>), shape<4>> {};     // cubic
#pragma once
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/reshape.hpp>
#include <tessera/ir/operations/slice.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

namespace detail {

// all maps of x at once, (..., Degree, Rank): one product with long rows
constexpr value maps_of(value x, std::string_view name, int degree, int rank) {
    const int c = x.extent(-1);
    return einsum("...i,inr->...nr", x,
                  parameter(name, {c, degree, rank}, initial::normal(initial::root_per_fan(1, c))));
}
// one of them, (..., Rank)
constexpr value map_at(value maps, int n) {
    extents shape = maps.shape();
    const int rank = shape[-1];
    --shape.rank;
    shape[-1] = rank;
    return reshape(slice(maps, -2, n, 1), shape);
}
// what comes out of the product, by a matrix, and a bias
template <class... Options> constexpr value polynomial_result(value x, int features) {
    const int r = x.extent(-1);
    const value y =
        einsum("...r,ro->...o", x, parameter("c", {r, features}, initial::normal(initial::root_per_fan(1, r))));
    if constexpr (has_option<no_bias, Options...>)
        return y;
    else
        return y + parameter("bias", {features}).no_weight_decay();
}
constexpr bool expects_polynomial_input(value x) {
    return expects(x, x.rank() >= 1 && x.rank() <= 3, "features on the last axis", "rank 1 to 3");
}

}  // namespace detail

template <int N, int Degree, int Rank, class... Options>
struct cp_product_layer : layer_base<cp_product_layer<N, Degree, Rank, Options...>> {
    static_assert(N >= 1 && Degree >= 1 && Rank >= 1, "cp_product<N, Degree, Rank>: all of them at least 1");
    static_assert((std::is_same_v<Options, no_bias> && ...), "cp_product<N, Degree, Rank, ...>: the option is no_bias");
    static constexpr std::string_view name = "cp_product";
    static constexpr text describe() { return detail::written(name, {N, Degree, Rank}); }

    constexpr value apply(value x) const {
        if (!detail::expects_polynomial_input(x)) return x;
        const value maps = detail::maps_of(x, "u", Degree, Rank);  // (..., Degree, Rank)
        value y = detail::map_at(maps, 0);
        for (int n = 1; n < Degree; ++n) y = y * detail::map_at(maps, n);  // (..., Rank)
        return detail::polynomial_result<Options...>(y, N);
    }
};

template <int N, int Degree, int Rank, class... Options>
inline constexpr cp_product_layer<N, Degree, Rank, Options...> cp_product{};

}  // namespace tessera
