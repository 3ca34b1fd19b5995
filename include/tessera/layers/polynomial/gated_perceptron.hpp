// gated_perceptron<N>: an affine map with one further input, the product of all features. One unit tells whether two
// inputs differ.
//
//   in      x (..., C)
//   out     y (..., N)
//
//   y = x weight + gate prod_i x_i + bias
//
// The product is a balanced tree, so zeros are right and its gradient divides by nothing. It under- or overflows where
// there are many features far from 1: standardise them.
// Parameters  weight (C, N), Kaiming; gate (N), zero: it starts as a dense layer; bias (N), zero.
// Gradient    exact: of the gate the product, of x_i with gate times the product of the others.
// Cost        C N multiply-adds and C products a position.
// Errors      compile time: N < 1; an input of rank 0 or above 4.
// Source      Reported as arXiv 2409.13854, whose activation function is left to the network.
//
//     struct net : network<(gated_perceptron<1> >> sigmoid), shape<2>> {};     // learns XOR
#pragma once
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/slice.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

namespace detail {

// the product of the last axis, which stays with extent 1: halves by halves, and what is left over into the next
constexpr value product_of_features(value x) {
    for (int n = x.extent(-1); n > 1 && x.valid();) {
        const int half = n / 2;
        value y = slice(x, -1, 0, half) * slice(x, -1, half, half);  // (..., n / 2)
        if (n % 2 == 1) {
            const value rest = slice(x, -1, n - 1, 1);
            y = half == 1 ? y * rest : concatenate({y, rest});
        }
        x = y;
        n = x.extent(-1);
    }
    return x;
}

}  // namespace detail

template <int N> struct gated_perceptron_layer : layer_base<gated_perceptron_layer<N>> {
    static_assert(N >= 1, "gated_perceptron<N>: N must be at least 1");
    static constexpr std::string_view name = "gated_perceptron";
    static constexpr text describe() { return detail::written(name, {N}); }

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 1 && x.rank() <= 4, "features on the last axis", "rank 1 to 4")) return x;
        const int c = x.extent(-1);
        const value y = einsum("...i,io->...o", x, parameter("weight", {c, N}, initial::kaiming(c)));
        const value gated = detail::product_of_features(x) * parameter("gate", {N});  // (..., N)
        return y + gated + parameter("bias", {N}).no_weight_decay();
    }
};

template <int N> inline constexpr gated_perceptron_layer<N> gated_perceptron{};

}  // namespace tessera
