// legendre<Degree>: Legendre polynomials, orthogonal on [-1, 1].
//
//   P_0 = 1,  P_1 = x,  n P_n = (2 n - 1) x P_(n-1) - (n - 1) P_(n-2)
//
// Parameters  none.    Gradient  exact.    Cost  2 Degree operations a function.
// Errors      compile time: Degree outside 1 to 8.
// Source      Drokin 2024, "Kolmogorov-Arnold Convolutions: Design Principles and Empirical Studies".
#pragma once
#include <tessera/layers/kan/polynomials.hpp>

namespace tessera {

template <int Degree = 3> struct legendre : detail::polynomials<legendre<Degree>, Degree> {
    static constexpr std::string_view name = "legendre";
    static constexpr void coefficients(int degree, detail::polynomial_table& c) {
        detail::by_three_terms(degree, c,
                               [](int n) { return detail::three_terms{0, (2.0 * n - 1) / n, (n - 1.0) / n}; });
    }
};

}  // namespace tessera
