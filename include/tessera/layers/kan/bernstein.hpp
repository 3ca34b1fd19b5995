// bernstein<Degree>: Bernstein polynomials; they add up to 1, and are not negative on [0, 1].
//
//   b_k(x) = (n over k) x^k (1 - x)^(n - k),  n = Degree, k = 0 ... n
//
// They are meant for [0, 1]: a layer applies a sigmoid first. A published implementation fills all of de Casteljau's
// points with ones, so that each of its functions is 1; these are the polynomials that it names.
//
// Parameters  none.    Gradient  exact.    Cost  2 Degree operations a function.
// Errors      compile time: Degree outside 1 to 8.
// Source      Bernstein 1912; Drokin 2024, "Kolmogorov-Arnold Convolutions".
#pragma once
#include <tessera/layers/kan/polynomials.hpp>

namespace tessera {

template <int Degree = 3> struct bernstein : detail::polynomials<bernstein<Degree>, Degree> {
    static constexpr std::string_view name = "bernstein";
    static constexpr void coefficients(int degree, detail::polynomial_table& c) {
        const auto over = [](int n, int k) {
            double r = 1;
            for (int i = 1; i <= k; ++i) r = r * (n - k + i) / i;
            return r;
        };
        // (1 - x)^(n-k) written out
        for (int k = 0; k <= degree; ++k)
            for (int j = 0; j <= degree - k; ++j)
                c[k][k + j] = over(degree, k) * over(degree - k, j) * (j % 2 == 0 ? 1 : -1);
    }
};

}  // namespace tessera
