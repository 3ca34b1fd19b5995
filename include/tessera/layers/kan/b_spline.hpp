// b_spline<Grid, Degree, Low, High>: B-splines on a uniform grid.
//
//   Grid intervals of [Low, High] and Degree more knots on either side, h = (High - Low) / Grid apart; Grid + Degree
//   functions. They add up to 1 in [Low, High], to less outside, and are 0 from Degree intervals outside.
//
//   B_i(x) = 1 / k! sum_j (-1)^j (k+1 over j) max((k+1)/2 - j - a, 0)^k,  k = Degree,
//   a = |x - c_i| / h, c_i = Low + (i + (1 - k) / 2) h the middle of function i; j < (k+1)/2
//
// That is the recursion of Cox and de Boor on such knots, written out: two powers for cubic splines, no division and no
// choice between pieces. Of degree 0 a function is 1 on one interval, its lower end included.
//
// Parameters  none.
// Gradient    exact; of degree 0 zero. At the knots of degree 1 the mean of both sides, or one of them.
// Cost        for each function 4 + 4 (k + 1) / 2 operations, about.
// Errors      compile time: Grid < 1; Degree outside 0 to 5; Low >= High.
// Source      Liu et al. 2024, "KAN: Kolmogorov-Arnold Networks"; de Boor 1978, "A Practical Guide to Splines".
#pragma once
#include <tessera/layers/kan/basis.hpp>

namespace tessera {

namespace detail {

// x^n in products
constexpr value whole_power(value x, int n) {
    if (n == 1) return x;
    return n % 2 == 0 ? square(whole_power(x, n / 2)) : whole_power(x, n - 1) * x;
}

}  // namespace detail

template <int Grid = 5, int Degree = 3, double Low = -1.0, double High = 1.0> struct b_spline {
    static_assert(Grid >= 1, "b_spline<Grid>: Grid must be at least 1");
    static_assert(Degree >= 0 && Degree <= 5, "b_spline<Grid, Degree>: Degree must be 0 to 5");
    static_assert(Low < High, "b_spline<Grid, Degree, Low, High>: Low must be below High");
    static constexpr std::string_view name = "b_spline";
    static constexpr int count = Grid + Degree;
    static constexpr double step = (High - Low) / Grid;

    constexpr value operator()(value x) const {  // x (..., 1)
        // the scale whose power is 1 / k!, so that each term is a power alone
        double scale = 1;
        for (int i = 2; i <= Degree; ++i) scale *= i;
        scale = Degree < 2 ? 1 : 1 / detail::mathematics::pow(scale, 1.0 / Degree);
        const value from_middle = (x - iota(count, Low + (1 - Degree) * 0.5 * step, step)) * (scale / step);
        if constexpr (Degree == 0) {
            return equal(floor(from_middle + 0.5), 0);
        } else {
            const value a = abs(from_middle);  // (..., count)
            double over = 1;                   // with its sign
            value y = x;
            for (int j = 0; 2 * j < Degree + 1; ++j) {
                const value power = detail::whole_power(maximum(((Degree + 1) * 0.5 - j) * scale - a, 0), Degree);
                y = j == 0 ? power : y + power * over;
                over = -over * (Degree + 1 - j) / (j + 1);
            }
            return y;
        }
    }
};

}  // namespace tessera
