// hermite_activation<A...>: a_0 h_0(x) + a_1 h_1(x) + ..., Hermite polynomials that are orthonormal for normal x.
//
//   in      x, any shape
//   out     y like x
//
//   h_0 = 1, h_1 = x, h_(k+1) = (x h_k - sqrt(k) h_(k-1)) / sqrt(k + 1)
//
// For x ~ N(0, 1) the mean of y^2 is the sum of the a_k^2, and two inputs of correlation r have outputs of mean product
// hermite_dual<A...>(r) = sum_k a_k^2 r^k: what a wide layer makes of r.
//
// learnt_hermite<K>: x + the same with a_0 ... a_K learnt, for each feature of x (..., C).
// Parameters  none; learnt_hermite: coefficients (K + 1, C), normal with deviation 0.01.
// Gradient    exact.
// Cost        four operations a degree and element, in one pass.
// Errors      compile time: no coefficient; K < 1; learnt_hermite of an input of rank 0.
// Source      Daniely, Frostig, Singer 2016, "Toward Deeper Understanding of Neural Networks": dual activations. Which
//             coefficients make an infinitely deep network optimal in the sense of Radhakrishnan, Belkin, Uhler 2023 was
//             not found out: a linear term with terms of degree 5 and 7, hermite_activation<0, a, 0, 0, 0, b, 0, c>.
#pragma once
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/ir/operations/reshape.hpp>
#include <tessera/ir/operations/slice.hpp>
#include <tessera/layers/options.hpp>

namespace tessera {

namespace detail {

// f(k, h_k(x)) for k = 2 ... degree
template <class F> constexpr void each_hermite(value x, int degree, const F& f) {
    value before = x, now = x;
    for (int k = 2; k <= degree; ++k) {
        const value above = k == 2 ? square(x) - 1 : x * now - mathematics::sqrt(k - 1) * before;
        before = now;
        now = above * rsqrt(k);
        f(k, now);
    }
}

}  // namespace detail

template <auto... A> constexpr double hermite_dual(double r) {
    double total = 0, power = 1;
    ((total += double(A) * double(A) * power, power *= r), ...);
    return total;
}

template <auto... A> struct hermite_activation_layer : layer_base<hermite_activation_layer<A...>> {
    static_assert(sizeof...(A) >= 1, "hermite_activation<A...>: at least one coefficient");
    static constexpr std::string_view name = "hermite_activation";

    constexpr value apply(value x) const {
        if (!x.valid()) return x;
        constexpr double a[] = {double(A)..., 0};
        value y = x * a[1] + a[0];
        detail::each_hermite(x, static_cast<int>(sizeof...(A)) - 1, [&](int k, value h) {
            if (a[k] != 0) y = y + a[k] * h;
        });
        return y;
    }
};

template <int K> struct learnt_hermite_layer : layer_base<learnt_hermite_layer<K>> {
    static_assert(K >= 1, "learnt_hermite<K>: K must be at least 1");
    static constexpr std::string_view name = "learnt_hermite";

    constexpr value apply(value x) const {
        if (!expects(x, x.rank() >= 1, "features on the last axis")) return x;
        const int c = x.extent(-1);
        // a row a degree, which lies along the features
        const value rows = parameter("coefficients", {K + 1, c}, initial::normal(0.01)).with(x);
        value y = row(rows, 0) + (1 + row(rows, 1)) * x;
        detail::each_hermite(x, K, [&](int k, value h) { y = y + row(rows, k) * h; });
        return y;
    }

  private:
    static constexpr value row(value rows, int k) { return reshape(slice(rows, 0, k, 1), {rows.extent(1)}); }
};

template <auto... A> inline constexpr hermite_activation_layer<A...> hermite_activation{};
template <int K> inline constexpr learnt_hermite_layer<K> learnt_hermite{};

}  // namespace tessera
