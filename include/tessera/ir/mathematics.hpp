// Elementary functions for constexpr code. std::exp and its kin are not constant expressions on every
// compiler, so inside a static_assert these series run; at run time the standard library does.
//
// Accuracy  constant evaluation, in double: at most 4 ulp for exp, log, log1p, expm1, tanh, sqrt and sigmoid on
//           normal results, for asin, acos and atan2, and for sin and cos where |x| <= 1000; erf 1e-15 absolute; pow
//           as exp(y log x), exact steps for whole y. NaN, infinities and zeros of either sign give what <cmath>
//           gives.
#pragma once
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace tessera::detail::mathematics {

inline constexpr double ln2_high = 0x1.62e42fefa0000p-1, ln2_low = 0x1.cf79abc9e3b3ap-40;
inline constexpr double pi = 3.14159265358979323846;

// x 2^k for |x| < 4 that is no subnormal, |k| <= 1100; rounded once
constexpr double scaled(double x, int k) {
    const auto power = [](int of_two) {
        return std::bit_cast<double>(static_cast<std::uint64_t>(1023 + of_two) << 52);
    };
    return k >= 0 ? x * power(k - k / 2) * power(k / 2) : k > -900 ? x * power(k) : x * power(-900) * power(k + 900);
}
// k where |x| = m 2^k, 1 <= m < 2, for finite x that is not 0
constexpr int exponent(double x) {
    const auto raised = [](double v) { return static_cast<int>(std::bit_cast<std::uint64_t>(v) >> 52 & 0x7ff); };
    return raised(x) > 0 ? raised(x) - 1023 : raised(x * 0x1p54) - 1023 - 54;
}

constexpr double floor(double x) {
    if (!std::is_constant_evaluated()) return std::floor(x);
    if (!(x < 4.5e15 && x > -4.5e15)) return x;
    const double whole = static_cast<double>(static_cast<long long>(x));
    return whole > x ? whole - 1 : whole;
}

// to the nearest whole number, halves to the even one
constexpr double round(double x) {
    if (!std::is_constant_evaluated()) return std::nearbyint(x);
    if (!(x < 4.5e15 && x > -4.5e15) || x == 0) return x;
    const double below = floor(x), over = x - below;
    const bool up = over > 0.5 || (over == 0.5 && floor(below / 2) * 2 != below);
    const double whole = below + (up ? 1 : 0);
    return whole == 0 && x < 0 ? -0.0 : whole;
}

// e^x - 1 for |x| <= 1/2
constexpr double exp_series(double x) {
    // clang-format off
    return x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5 * (1 + x / 6 * (1 + x / 7 * (1 + x / 8 * (1 +
           x / 9 * (1 + x / 10 * (1 + x / 11 * (1 + x / 12 * (1 + x / 13 * (1 + x / 14 * (1 + x / 15 * (1 + x / 16)))))))))))))));
    // clang-format on
}

constexpr double exp(double x) {
    if (!std::is_constant_evaluated()) return std::exp(x);
    if (x != x) return x;
    if (x > 0x1.62e42fefa39efp+9) return std::numeric_limits<double>::infinity();  // the logarithm of the largest
    if (x < -745.2) return 0;
    const int k = static_cast<int>(floor(x / (ln2_high + ln2_low) + 0.5));
    const double r = (x - k * ln2_high) - k * ln2_low;  // |r| <= ln 2 / 2
    return scaled(1 + exp_series(r), k);
}

constexpr double log(double x) {
    if (!std::is_constant_evaluated()) return std::log(x);
    if (x != x || x < 0) return std::numeric_limits<double>::quiet_NaN();
    if (x == 0) return -std::numeric_limits<double>::infinity();
    if (x > std::numeric_limits<double>::max()) return x;
    const int whole = exponent(x);
    const double significand = whole < -1000 ? scaled(x * 0x1p54, -whole - 54) : scaled(x, -whole);
    const bool upper = significand > 1.5;
    const int k = whole + (upper ? 1 : 0);
    const double m = upper ? significand / 2 : significand;
    const double s = (m - 1) / (m + 1), q = s * s;  // log m = 2 artanh s, |s| <= 1/5
    // clang-format off
    const double rest = q * (1. / 3 + q * (1. / 5 + q * (1. / 7 + q * (1. / 9 + q * (1. / 11 + q * (1. / 13 +
                        q * (1. / 15 + q * (1. / 17 + q * (1. / 19 + q * (1. / 21 + q * (1. / 23 + q / 25)))))))))));
    // clang-format on
    return k * ln2_high + (k * ln2_low + 2 * (s + s * rest));
}

constexpr double log1p(double x) {
    if (!std::is_constant_evaluated()) return std::log1p(x);
    const double u = 1 + x;  // the rounding of 1 + x is divided out again
    return u == 1 || u > std::numeric_limits<double>::max() ? x : log(u) * (x / (u - 1));
}

constexpr double expm1(double x) {
    if (!std::is_constant_evaluated()) return std::expm1(x);
    return x > 0.5 || x < -0.5 ? exp(x) - 1 : exp_series(x);
}

constexpr double sqrt(double x) {
    if (!std::is_constant_evaluated()) return std::sqrt(x);
    if (x != x || x < 0) return std::numeric_limits<double>::quiet_NaN();
    if (x == 0 || x > std::numeric_limits<double>::max()) return x;
    const int k = (exponent(x) - (exponent(x) & 1)) / 2;
    const double m = k < -500 ? scaled(x * 0x1p54, -2 * k - 54) : scaled(x, -2 * k);  // from 1 to 4
    double root = 0.5 * (1 + m);
    for (int i = 0; i < 6; ++i) root = 0.5 * (root + m / root);
    return scaled(root, k);
}

constexpr double tanh(double x) {
    if (!std::is_constant_evaluated()) return std::tanh(x);
    if (x > 20) return 1;
    if (x < -20) return -1;
    const double e = expm1(2 * x);
    return e / (e + 2);
}

constexpr double sigmoid(double x) {
    const double e = exp(x < 0 ? x : -x);  // never overflows
    return x < 0 ? e / (1 + e) : 1 / (1 + e);
}

constexpr double erf(double x) {
    if (!std::is_constant_evaluated()) return std::erf(x);
    if (x < 0) return -erf(-x);
    if (x > 6) return 1;
    // erf x = 2/sqrt(pi) exp(-x^2) sum_n 2^n x^(2n+1) / (2n+1)!!: all terms positive
    double term = x, sum = x;
    for (int n = 1; n < 200 && term > 1e-18 * sum; ++n) sum += term *= 2 * x * x / (2 * n + 1);
    return 2 / sqrt(pi) * exp(-x * x) * sum;
}

// sin(x + quadrants pi/2)
constexpr double shifted_sine(double x, int quadrants) {
    constexpr double largest = std::numeric_limits<double>::max();
    if (!(x <= largest && x >= -largest)) return std::numeric_limits<double>::quiet_NaN();
    const double turns = floor(x / (pi / 2) + 0.5);
    // pi/2 in parts whose products with whole numbers are exact
    const double r = ((x - turns * 0x1.921fb544p+0) - turns * 0x1.0b4611a6p-34) - turns * 0x1.3198a2e037073p-69;
    const int quadrant = (static_cast<int>(turns - 4 * floor(turns / 4)) + quadrants) % 4;
    const double q = r * r;  // |r| <= pi/4
    // clang-format off
    const double size = quadrant % 2 == 0
        ? r * (1 - q / 6 * (1 - q / 20 * (1 - q / 42 * (1 - q / 72 * (1 - q / 110 * (1 - q / 156 * (1 - q / 210 * (1 - q / 272))))))))
        : 1 - q / 2 * (1 - q / 12 * (1 - q / 30 * (1 - q / 56 * (1 - q / 90 * (1 - q / 132 * (1 - q / 182 * (1 - q / 240 * (1 - q / 306))))))));
    // clang-format on
    return quadrant < 2 ? size : -size;
}

constexpr double sin(double x) { return std::is_constant_evaluated() ? shifted_sine(x, 0) : std::sin(x); }
constexpr double cos(double x) { return std::is_constant_evaluated() ? shifted_sine(x, 1) : std::cos(x); }

// the angle of the point (x, y), from -pi to pi
constexpr double atan2(double y, double x) {
    if (!std::is_constant_evaluated()) return std::atan2(y, x);
    if (x != x || y != y) return std::numeric_limits<double>::quiet_NaN();
    const auto negative = [](double v) { return std::bit_cast<std::uint64_t>(v) >> 63 != 0; };
    const double wide = x < 0 ? -x : x, high = y < 0 ? -y : y;
    constexpr double largest = std::numeric_limits<double>::max();
    const bool steep = high > wide;
    double t = 1;  // the slope, at most 1
    if (steep)
        t = high > largest ? 0 : wide / high;
    else if (wide > high)
        t = wide > largest ? 0 : high / wide;
    else if (wide == 0)
        t = 0;
    // atan t = atan c + atan((t - c) / (1 + c t)), c in halves
    const double c = t < 0.4375 ? 0 : t < 0.6875 ? 0.5 : 1;
    const double r = (t - c) / (1 + c * t), square = r * r;
    double sum = 0;
    for (int i = 47; i > 1; i -= 2) sum = square * (1.0 / i - sum);
    const double rest = r - r * sum;  // r - r^3/3 + r^5/5 ...
    const double of_c = c == 0 ? 0 : c == 1 ? pi / 4 : 0x1.dac670561bb4fp-2;
    const double low = c == 0 ? 0 : c == 1 ? 3.06161699786838301793e-17 : 2.26987774529616870924e-17;
    double angle = of_c + (low + rest);
    if (steep) angle = pi / 2 - (angle - 6.12323399573676603587e-17);
    if (negative(x)) angle = pi - (angle - 1.22464679914735320717e-16);
    return negative(y) ? -angle : angle;
}

constexpr double asin(double x) {
    if (!std::is_constant_evaluated()) return std::asin(x);
    if (x != x || x > 1 || x < -1) return std::numeric_limits<double>::quiet_NaN();
    return atan2(x, sqrt((1 - x) * (1 + x)));
}
constexpr double acos(double x) {
    if (!std::is_constant_evaluated()) return std::acos(x);
    if (x != x || x > 1 || x < -1) return std::numeric_limits<double>::quiet_NaN();
    return atan2(sqrt((1 - x) * (1 + x)), x);
}

constexpr double pow(double x, double y) {
    if (!std::is_constant_evaluated()) return std::pow(x, y);
    if (y == 0 || x == 1) return 1;
    constexpr double largest = std::numeric_limits<double>::max();
    if (x != x || y != y || (x < 0 && x >= -largest && floor(y) != y)) return std::numeric_limits<double>::quiet_NaN();
    const double size = x < 0 ? -x : x;
    double result = 1;  // of the size
    if (size == 0 || size > largest || y > 1e20 || y < -1e20) {
        if (size != 1) result = (size > 1) == (y > 0) ? std::numeric_limits<double>::infinity() : 0;
    } else if (const double exponent = y * log(size);
               floor(y) == y && y < 1024 && y > -1024 && exponent < 709 && exponent > -708) {
        for (int i = static_cast<int>(y < 0 ? -y : y); i > 0; --i) result *= size;
        if (y < 0) result = 1 / result;
    } else {
        result = exp(exponent);
    }
    const bool odd = floor(y) == y && floor(y / 2) * 2 != y, negative = std::bit_cast<std::uint64_t>(x) >> 63 != 0;
    return odd && negative ? -result : result;
}

}  // namespace tessera::detail::mathematics
