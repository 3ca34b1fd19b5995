// polynomials<Family, Degree>: the first Degree + 1 polynomials of a family, all at once.
//
//   Family::coefficients(Degree, c) fills c[n][k]: P_n(x) = sum_k c[n][k] x^k
//
// Horner's rule on all of them side by side, two operations a degree: what chebyshev, legendre, jacobi, hermite and
// bernstein are. three_terms(...) makes coefficients of a recurrence
//
//   P_0 = 1,  P_1 = s_0 + t_0 x,  P_n = (s + t x) P_(n-1) - u P_(n-2)
//
// Rounding    the sum of |c[n][k]| times that of one operation where |x| <= 1: 7 for degree 3 of Chebyshev, 41 for 5,
//             577 for 8, of values up to 1. Hence no degree above 8.
#pragma once
#include <tessera/layers/kan/basis.hpp>

namespace tessera::detail {

inline constexpr int most_degree = 8;
using polynomial_table = double[most_degree + 1][most_degree + 1];

// P_n = (constant + slope x) P_(n-1) - before P_(n-2)
struct three_terms {
    double constant, slope, before;
};

template <class Terms> constexpr void by_three_terms(int degree, polynomial_table& c, const Terms& terms) {
    c[0][0] = 1;
    for (int n = 1; n <= degree; ++n) {
        const three_terms t = terms(n);
        for (int k = 0; k <= n; ++k)
            c[n][k] = t.constant * c[n - 1][k] + (k > 0 ? t.slope * c[n - 1][k - 1] : 0) -
                      (n > 1 ? t.before * c[n - 2][k] : 0);
    }
}

template <class Family, int Degree> struct polynomials {
    static_assert(Degree >= 1 && Degree <= most_degree, "a basis of polynomials: its degree must be 1 to 8");
    static constexpr int count = Degree + 1;

    static constexpr bool first_is_one() {
        polynomial_table c{};
        Family::coefficients(Degree, c);
        bool one = c[0][0] == 1;
        for (int k = 1; k <= Degree; ++k) one = one && c[0][k] == 0;
        return one;
    }

    constexpr value operator()(value x) const { return from(0, x); }  // x (..., 1)
    static constexpr value after_first(value x)
        requires(first_is_one())
    {
        return from(1, x);
    }

  private:
    static constexpr value from(int first, value x) {
        polynomial_table c{};
        Family::coefficients(Degree, c);
        const auto all = [&](int power) {
            list<double> numbers;
            for (int n = first; n <= Degree; ++n) numbers.push_back(c[n][power]);
            return constant(numbers, {count - first}).with(x);
        };
        x = for_each(x, count - first);
        value y = all(Degree);
        for (int k = Degree - 1; k >= 0; --k) y = y * x + all(k);
        return y;
    }
};

}  // namespace tessera::detail
