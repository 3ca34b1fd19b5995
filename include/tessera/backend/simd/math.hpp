// math: elementary functions of vectors, element by element; float and double.
//
// Infinities, NaN, signed zeros and denormal arguments and results follow <cmath>. Largest error seen over the whole
// range, in units in the last place, AVX-512 (tests/backend/simd/math.cpp holds them to 4):
//
//           exp   log   tanh  sigmoid  erf  sin, cos |x| < 1e3  log1p  expm1  asin  acos
//   float   1.1   0.8   1.3   2.2      2.5  2.2                   0.8    2.0    2.4   1.3
//   double  1.0   0.8   1.3   2.1      1.1  1.6                   0.8    2.0    1.2   1.3
//
// pow, and erf in double, call <cmath> lane by lane: a vector form through exp and log would be off by hundreds. So does
// atan2, which few networks have.
#pragma once
#include <cmath>
#include <tessera/backend/simd/vector.hpp>

namespace tessera::detail::simd {

template <class T, class Arch, class Function>
vector<T, Arch> lane_by_lane(const xsimd::batch<T, Arch>& x, const xsimd::batch<T, Arch>& y, Function f) noexcept {
    constexpr int width = lanes<vector<T, Arch>>;
    T a[width], b[width];
    store_to(a, x);
    store_to(b, y);
    for (int i = 0; i < width; ++i) a[i] = f(a[i], b[i]);
    return load<vector<T, Arch>>(a);
}

// f(x) for a function that is constant below `low` and above `high`. xsimd converts doubles to integers lane by lane,
// which is undefined for NaN and for what is too large, so f sees neither.
template <class T, class Arch, class Function>
vector<T, Arch> with_integers(const xsimd::batch<T, Arch>& x, T low, T high, Function f) noexcept {
    using V = vector<T, Arch>;
    if constexpr (sizeof(T) == 4) return f(x);  // by instructions that take any number
    const auto nan = is_nan(x);
    V a = xsimd::select(x < V(low), V(low), x);
    a = xsimd::select(a > V(high), V(high), a);
    return xsimd::select(nan, x, f(xsimd::select(nan, V(T(0)), a)));
}

// (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2.
template <class V> V exp_series(const V& r) noexcept {
    if constexpr (sizeof(scalar_of<V>) == 4) {  // minimax, Cephes expf
        V p = fmadd(V(1.9875691500e-4f), r, V(1.3981999507e-3f));
        p = fmadd(p, r, V(8.3334519073e-3f));
        p = fmadd(p, r, V(4.1665795894e-2f));
        p = fmadd(p, r, V(1.6666665459e-1f));
        return fmadd(p, r, V(5.0000001201e-1f));
    } else {  // Taylor: the first term left out is below 1e-17
        V p(1.0 / 6227020800.0);
        constexpr double factorials[] = {479001600.0, 39916800.0, 3628800.0, 362880.0, 40320.0, 5040.0,
                                         720.0,       120.0,      24.0,      6.0,      2.0};
        for (double factorial : factorials) p = fmadd(p, r, V(1.0 / factorial));
        return p;
    }
}

template <class T, class Arch>
    requires std::floating_point<T>
vector<T, Arch> exp(const xsimd::batch<T, Arch>& x) noexcept {
    using V = vector<T, Arch>;
    constexpr bool single = sizeof(T) == 4;
    // beyond these bounds the result is 0 or infinity whatever the argument; NaN passes both comparisons
    const V low(single ? T(-104) : T(-746)), high(single ? T(89) : T(710));
    V a = xsimd::select(x < low, low, x);
    a = xsimd::select(a > high, high, a);
    V whole = a;
    if constexpr (!single) whole = xsimd::select(is_nan(x), V(T(0)), a);  // see with_integers; r carries NaN on
    const V n = xsimd::floor(fmadd(whole, V(T(1.44269504088896340736)), V(T(0.5))));
    V r = fmadd(n, V(single ? T(-0.693359375) : T(-6.93147180369123816490e-1)), a);
    r = fmadd(n, V(single ? T(2.12194440e-4) : T(-1.90821492927058770002e-10)), r);
    const V y = fmadd(exp_series(r) * r, r, r) + V(T(1));
    // 2^n in two factors, since n alone may be no exponent of a normal number
    const V half = xsimd::floor(n * V(T(0.5)));
    return xsimd::ldexp(xsimd::ldexp(y, xsimd::to_int(half)), xsimd::to_int(n - half));
}

template <class T, class Arch>
    requires std::floating_point<T>
vector<T, Arch> log(const xsimd::batch<T, Arch>& x) noexcept {
    using V = vector<T, Arch>;
    if constexpr (sizeof(T) == 4) {
        return xsimd::log(x);
    } else {  // xsimd's is wrong for denormals: scale them up by 2^54
        const auto tiny = x < V(2.2250738585072014e-308);
        const V y = xsimd::log(xsimd::select(tiny, x * V(18014398509481984.0), x));
        return xsimd::select(tiny, y - V(37.429947750237046), y);
    }
}

template <class T, class Arch> vector<T, Arch> sigmoid(const xsimd::batch<T, Arch>& x) noexcept {
    using V = vector<T, Arch>;
    // through e^-|x|, which cannot overflow and keeps small results exact
    const V e = exp(V(-xsimd::abs(x)));
    return xsimd::select(x < V(T(0)), e, V(T(1))) / (V(T(1)) + e);
}

template <class T, class Arch>
    requires std::floating_point<T>
vector<T, Arch> tanh(const xsimd::batch<T, Arch>& x) noexcept {
    return with_integers(x, T(-30), T(30), [](const auto& a) { return vector<T, Arch>(xsimd::tanh(a)); });
}

template <class T, class Arch>
    requires std::floating_point<T>
vector<T, Arch> erf(const xsimd::batch<T, Arch>& x) noexcept {
    if constexpr (sizeof(T) == 4)
        return xsimd::erf(x);
    else
        return lane_by_lane(x, x, [](T a, T) { return std::erf(a); });
}

template <class T, class Arch>
    requires std::floating_point<T>
vector<T, Arch> sin(const xsimd::batch<T, Arch>& x) noexcept {
    return xsimd::sin(x);
}

template <class T, class Arch>
    requires std::floating_point<T>
vector<T, Arch> cos(const xsimd::batch<T, Arch>& x) noexcept {
    return xsimd::cos(x);
}

template <class T, class Arch>
    requires std::floating_point<T>
vector<T, Arch> log1p(const xsimd::batch<T, Arch>& x) noexcept {
    return xsimd::log1p(x);
}

template <class T, class Arch>
    requires std::floating_point<T>
vector<T, Arch> expm1(const xsimd::batch<T, Arch>& x) noexcept {
    return with_integers(x, T(-60), T(710), [](const auto& a) { return vector<T, Arch>(xsimd::expm1(a)); });
}

template <class T, class Arch>
    requires std::floating_point<T>
vector<T, Arch> pow(const xsimd::batch<T, Arch>& x, const xsimd::batch<T, Arch>& y) noexcept {
    return lane_by_lane(x, y, [](T a, T b) { return std::pow(a, b); });
}

template <class T, class Arch>
    requires std::floating_point<T>
vector<T, Arch> asin(const xsimd::batch<T, Arch>& x) noexcept {
    return xsimd::asin(x);
}

template <class T, class Arch>
    requires std::floating_point<T>
vector<T, Arch> acos(const xsimd::batch<T, Arch>& x) noexcept {
    return xsimd::acos(x);
}

template <class T, class Arch>
    requires std::floating_point<T>
vector<T, Arch> atan2(const xsimd::batch<T, Arch>& y, const xsimd::batch<T, Arch>& x) noexcept {
    return lane_by_lane(y, x, [](T a, T b) { return std::atan2(a, b); });
}

}  // namespace tessera::detail::simd
