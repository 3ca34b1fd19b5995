// chebyshev<Degree>: Chebyshev polynomials of the first kind, T_n(cos t) = cos(n t), n = 0 ... Degree.
//
//   T_0 = 1,  T_1 = x,  T_n = 2 x T_(n-1) - T_(n-2)
//
// They are meant for [-1, 1]: a layer applies tanh first. The published layers compute cos(n acos x) of an x that is kept
// 1e-7 away from the ends; these are the same numbers, and their gradient is that of a polynomial there.
//
// Parameters  none.    Gradient  exact.    Cost  2 Degree operations a function.
// Errors      compile time: Degree outside 1 to 8.
// Source      Sidharth et al. 2024, "Chebyshev Polynomial-Based Kolmogorov-Arnold Networks".
#pragma once
#include <tessera/layers/kan/polynomials.hpp>

namespace tessera {

template <int Degree = 3> struct chebyshev : detail::polynomials<chebyshev<Degree>, Degree> {
    static constexpr std::string_view name = "chebyshev";
    static constexpr void coefficients(int degree, detail::polynomial_table& c) {
        detail::by_three_terms(degree, c, [](int n) { return detail::three_terms{0, n == 1 ? 1.0 : 2.0, 1}; });
    }
};

}  // namespace tessera
