// hermite<Degree>: Hermite polynomials of probability theory, orthogonal under exp(-x^2 / 2) on the whole line.
//
//   He_0 = 1,  He_1 = x,  He_n = x He_(n-1) - (n - 1) He_(n-2)
//
// Those of physics are H_n(x) = 2^(n/2) He_n(sqrt(2) x): other coefficients of the layer give the same functions.
//
// Parameters  none.    Gradient  exact.    Cost  2 Degree operations a function.
// Errors      compile time: Degree outside 1 to 8.
// Source      Seydi 2024, "Exploring the Potential of Polynomial Basis Functions in Kolmogorov-Arnold Networks".
#pragma once
#include <tessera/layers/kan/polynomials.hpp>

namespace tessera {

template <int Degree = 3> struct hermite : detail::polynomials<hermite<Degree>, Degree> {
    static constexpr std::string_view name = "hermite";
    static constexpr void coefficients(int degree, detail::polynomial_table& c) {
        detail::by_three_terms(degree, c, [](int n) { return detail::three_terms{0, 1, n - 1.0}; });
    }
};

}  // namespace tessera
