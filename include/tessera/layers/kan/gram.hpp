// gram<Degree, Options...>: Gram polynomials whose recurrence is learnt.
//
//   P_0 = 1,  P_1 = x,  P_n = x P_(n-1) - r(n-1, n) w_(n-1) P_(n-2),    f_n = silu(P_n)
//
//   r(k, n) = (n^2 - k^2) k^2 (4 k^2 - 1) / n^2 in the published layers, 2.25 and 33.3 first; the recurrence that they
//   name has (n^2 - k^2) k^2 / (n^2 (4 k^2 - 1)), .25 and .148. w learns either; weights of a published layer fit the first.
//
// Options     true_recurrence takes the second; plain leaves silu out.
// Parameters  recurrence (Degree + 1), normal of deviation 1 / (C (Degree + 1)); elements 0 and Degree have no use, as in the
//             published layers, whose deviation is smaller by the taps of the kernel. One set for all features.
// Gradient    exact.
// Cost        a sigmoid and 4 Degree operations a function.
// Errors      compile time: Degree outside 1 to 8.
// Source      Drokin 2024, "Kolmogorov-Arnold Convolutions: Design Principles and Empirical Studies" (KAGN).
#pragma once
#include <tessera/ir/operations/slice.hpp>
#include <tessera/layers/activation/silu.hpp>
#include <tessera/layers/kan/basis.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

struct true_recurrence {};
struct plain {};

template <int Degree = 3, class... Options> struct gram {
    static_assert(Degree >= 1 && Degree <= 8, "gram<Degree>: Degree must be 1 to 8");
    static_assert((detail::is_option_of<Options, true_recurrence, plain> && ...),
                  "gram<Degree, ...>: the options are true_recurrence and plain");
    static constexpr std::string_view name = "gram";
    static constexpr int count = Degree + 1;

    static constexpr double ratio(int k, int n) {
        const double odd = 4.0 * k * k - 1, common = (n * n - k * k) * k * k / (1.0 * n * n);
        return detail::has_option<true_recurrence, Options...> ? common / odd : common * odd;
    }

    constexpr value operator()(value x) const {  // x (..., C, 1)
        detail::list<double> ratios(count, 0);
        for (int n = 2; n <= Degree; ++n) ratios[n - 1] = ratio(n - 1, n);
        const value start =
            parameter("recurrence", {count}, initial::normal(1.0 / (x.extent(-2) * count))).no_weight_decay().with(x);
        const value w = start * constant(ratios, {count});
        // each function goes as far as its own degree
        x = for_each(x, count);
        const value degree = iota(count).with(x);
        value y = select(less(degree, 1), 1, x), before = y;  // (..., count)
        for (int n = 2; n <= Degree; ++n) {
            const value weight = slice(w, 0, n - 1, 1);
            const value next = x * y - (n == 2 ? weight : weight * before);
            before = y;
            y = select(less(degree, n), y, next);
        }
        return detail::has_option<plain, Options...> ? y : y * apply(detail::scalar_function::sigmoid, y);
    }
};

}  // namespace tessera
