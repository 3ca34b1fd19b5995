// quadratic_dense<N>: neurons of degree 2: the product of two affine maps, and a map of the squares.
//
//   in      x (..., C)
//   out     y (..., N)
//
//   y = (x r + r_bias) (x g + g_bias) + x^2 b + b_bias        products and squares element by element
//
// This is the form of Fan, Cong and Wang with 3 C numbers a neuron, not the one with a whole matrix of C^2.
// Parameters  weight (C, 2, N), r and g, normal with deviation 1 / sqrt(C); r_bias (N), zero;
//             g_bias (N), one; b (C, N), zero; b_bias (N), zero.
// Gradient    exact.
// Cost        3 C N multiply-adds a position.
// Errors      compile time: N < 1; an input of rank 0 or above 3.
// Source      Fan, Cong, Wang 2018, "A New Type of Neurons for Machine Learning".
//
//     struct net : network<(quadratic_dense<8> >> dense<2>), shape<4>> {};
#pragma once
#include <tessera/layers/polynomial/cp_product.hpp>

namespace tessera {

template <int N> struct quadratic_dense_layer : layer_base<quadratic_dense_layer<N>> {
    static_assert(N >= 1, "quadratic_dense<N>: N must be at least 1");
    static constexpr std::string_view name = "quadratic_dense";
    static constexpr text describe() { return detail::written(name, {N}); }

    constexpr value apply(value x) const {
        if (!detail::expects_polynomial_input(x)) return x;
        const int c = x.extent(-1);
        const value maps = detail::maps_of(x, "weight", 2, N);  // (..., 2, N)
        const value r = detail::map_at(maps, 0) + parameter("r_bias", {N}).no_weight_decay();
        const value g = detail::map_at(maps, 1) + parameter("g_bias", {N}, initial::constant(1)).no_weight_decay();
        const value squares = einsum("...i,io->...o", square(x), parameter("b", {c, N}));
        return r * g + squares + parameter("b_bias", {N}).no_weight_decay();  // (..., N)
    }
};

template <int N> inline constexpr quadratic_dense_layer<N> quadratic_dense{};

}  // namespace tessera
