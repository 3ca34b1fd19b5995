// jacobi<Degree, A, B>: Jacobi polynomials, orthogonal on [-1, 1] under the weight (1 - x)^A (1 + x)^B.
//
//   P_0 = 1,  P_1 = (A - B + (A + B + 2) x) / 2, and with s = 2 n + A + B
//   P_n = (s (s - 1) x + (s - 1) (A^2 - B^2) / (s - 2)) P_(n-1) / (2 n (n + A + B))
//         - (n + A - 1) (n + B - 1) s P_(n-2) / (n (n + A + B) (s - 2))
//
// A = B = 0 are Legendre's; A = B = 1 is what the published layers take.
//
// Parameters  none.    Gradient  exact.    Cost  2 Degree operations a function.
// Errors      compile time: Degree outside 1 to 8; A or B not above -1.
// Source      Szego 1939, "Orthogonal Polynomials"; Drokin 2024, "Kolmogorov-Arnold Convolutions".
#pragma once
#include <tessera/layers/kan/polynomials.hpp>

namespace tessera {

template <int Degree = 3, double A = 1.0, double B = 1.0>
struct jacobi : detail::polynomials<jacobi<Degree, A, B>, Degree> {
    static_assert(A > -1 && B > -1, "jacobi<Degree, A, B>: A and B must be above -1");
    static constexpr std::string_view name = "jacobi";
    static constexpr void coefficients(int degree, detail::polynomial_table& c) {
        detail::by_three_terms(degree, c, [](int n) {
            if (n == 1) return detail::three_terms{(A - B) / 2, (A + B + 2) / 2, 0};
            const double s = 2 * n + A + B, under = 2 * n * (n + A + B);
            return detail::three_terms{(s - 1) * (A * A - B * B) / (under * (s - 2)), s * (s - 1) / under,
                                       2 * (n + A - 1) * (n + B - 1) * s / (under * (s - 2))};
        });
    }
};

}  // namespace tessera
