// The constexpr functions agree with the standard library: to the stated number of units in the last place, when they
// are evaluated by the compiler. The sample arrays are constants, so it is the compiler that fills them.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <tessera/ir/mathematics.hpp>

namespace {

namespace m = tessera::detail::mathematics;

constexpr int count = 61;
using samples = std::array<double, count>;

// evenly from a to b
constexpr samples between(double a, double b) {
    samples s{};
    for (int i = 0; i < count; ++i) s[static_cast<std::size_t>(i)] = a + (b - a) * i / (count - 1);
    return s;
}
// by a constant factor from a on
constexpr samples growing(double a, double factor) {
    samples s{};
    for (double& x : s) {
        x = a;
        a *= factor;
    }
    return s;
}
template <class F> constexpr samples of(const samples& x, F f) {
    samples y{};
    for (int i = 0; i < count; ++i) y[static_cast<std::size_t>(i)] = f(x[static_cast<std::size_t>(i)]);
    return y;
}

// representable numbers between a and b
double ulps(double a, double b) {
    const auto ordered = [](double x) {
        const auto bits = std::bit_cast<std::uint64_t>(x), sign = std::uint64_t{1} << 63;
        return (bits & sign) != 0 ? sign - (bits - sign) : sign + bits;
    };
    const std::uint64_t p = ordered(a), q = ordered(b);
    return static_cast<double>(p > q ? p - q : q - p);
}

template <class F> void expect_within(double allowed, const samples& x, const samples& found, F wanted) {
    for (std::size_t i = 0; i < x.size(); ++i)
        EXPECT_LE(ulps(found[i], wanted(x[i])), allowed)
            << "at " << x[i] << ": " << found[i] << ", not " << wanted(x[i]);
}

#define EXPECT_ULPS(allowed, points, f)                                                   \
    do {                                                                                  \
        static constexpr samples x = points, y = of(x, [](double a) { return m::f(a); }); \
        expect_within(allowed, x, y, [](double a) { return std::f(a); });                 \
    } while (false)

TEST(mathematics, ulps_are_counted) {
    EXPECT_EQ(ulps(1, 1), 0);
    EXPECT_EQ(ulps(1, std::nextafter(1, 2)), 1);
    EXPECT_EQ(ulps(0, -0.0), 0);
    EXPECT_EQ(ulps(std::nextafter(0, 1), std::nextafter(0, -1)), 2);
}
TEST(mathematics, exp) {
    EXPECT_ULPS(4, between(-2, 2), exp);
    EXPECT_ULPS(4, between(-700, 709.7), exp);
}
TEST(mathematics, expm1) {
    EXPECT_ULPS(4, between(-3, 3), expm1);
    EXPECT_ULPS(4, growing(1e-12, 1.5), expm1);
}
TEST(mathematics, log) {
    EXPECT_ULPS(4, between(0.4, 2.2), log);
    EXPECT_ULPS(4, growing(1e-300, 7e9), log);
}
TEST(mathematics, log1p) {
    EXPECT_ULPS(4, between(-0.9, 3), log1p);
    EXPECT_ULPS(4, growing(1e-14, 2), log1p);
}
TEST(mathematics, sqrt) {
    EXPECT_ULPS(1, between(0, 9), sqrt);
    EXPECT_ULPS(1, growing(1e-300, 7e9), sqrt);
}
TEST(mathematics, tanh) {
    EXPECT_ULPS(4, between(-4, 4), tanh);
    EXPECT_ULPS(4, growing(1e-9, 1.6), tanh);
}
TEST(mathematics, sine_and_cosine) {
    EXPECT_ULPS(4, between(-7, 7), sin);
    EXPECT_ULPS(4, between(-7, 7), cos);
    EXPECT_ULPS(4, between(-1000, 1000), sin);
    EXPECT_ULPS(4, between(-1000, 1000), cos);
    EXPECT_ULPS(4, growing(1e-9, 1.5), sin);
}
// where the result is small, and only an exact reduction gets it right
TEST(mathematics, sine_and_cosine_at_their_zeros) {
    EXPECT_ULPS(4, between(-30 * m::pi, 30 * m::pi), sin);
    EXPECT_ULPS(4, between(-29.5 * m::pi, 30.5 * m::pi), cos);
}
TEST(mathematics, floor) {
    EXPECT_ULPS(0, between(-3, 3), floor);
    EXPECT_ULPS(0, growing(0.7, 2.5), floor);
}
TEST(mathematics, round) {
    static constexpr samples x = between(-3, 3), y = of(x, [](double a) { return m::round(a); });  // halves among them
    expect_within(0, x, y, [](double a) { return std::nearbyint(a); });
}
TEST(mathematics, angles) {
    EXPECT_ULPS(4, between(-1, 1), asin);
    EXPECT_ULPS(4, growing(1e-9, 1.4), asin);
    EXPECT_ULPS(4, between(-1, 1), acos);
    static constexpr samples x = growing(1e-9, 2), up = of(x, [](double a) { return m::atan2(a, 3); });
    static constexpr samples down = of(x, [](double a) { return m::atan2(-a, -0.7); });
    expect_within(4, x, up, [](double a) { return std::atan2(a, 3); });
    expect_within(4, x, down, [](double a) { return std::atan2(-a, -0.7); });
}
TEST(mathematics, sigmoid) {
    static constexpr samples x = between(-30, 30), y = of(x, [](double a) { return m::sigmoid(a); });
    expect_within(4, x, y, [](double a) { return a < 0 ? std::exp(a) / (1 + std::exp(a)) : 1 / (1 + std::exp(-a)); });
}
TEST(mathematics, erf) {
    static constexpr samples x = between(-6.5, 6.5), y = of(x, [](double a) { return m::erf(a); });
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(y[i], std::erf(x[i]), 1e-15) << x[i];
}
TEST(mathematics, pow) {
    static constexpr samples x = between(0.1, 9);
    static constexpr samples cubed = of(x, [](double a) { return m::pow(a, 3); });
    static constexpr samples inverse = of(x, [](double a) { return m::pow(a, -2); });
    static constexpr samples broken = of(x, [](double a) { return m::pow(a, 1.7); });
    expect_within(4, x, cubed, [](double a) { return std::pow(a, 3); });
    expect_within(4, x, inverse, [](double a) { return std::pow(a, -2); });
    expect_within(16, x, broken, [](double a) { return std::pow(a, 1.7); });
}

// at the ends of their ranges
constexpr double infinity = std::numeric_limits<double>::infinity();
static_assert(m::exp(709.79) == infinity && m::exp(infinity) == infinity && m::exp(-infinity) == 0 && m::exp(0) == 1);
static_assert(m::exp(0x1.62e42fefa39efp+9) > 1.79e308 && m::exp(0x1.62e42fefa39efp+9) < infinity);
static_assert(m::log(0) == -infinity && m::log(infinity) == infinity && m::log(-1) != m::log(-1) && m::log(1) == 0);
static_assert(m::log1p(infinity) == infinity && m::log1p(-1) == -infinity && m::log1p(0) == 0);
static_assert(m::sqrt(0) == 0 && m::sqrt(infinity) == infinity && m::sqrt(-1) != m::sqrt(-1) && m::sqrt(9) == 3);
static_assert(m::tanh(1000) == 1 && m::tanh(-1000) == -1 && m::tanh(0) == 0 && m::erf(0) == 0 && m::erf(9) == 1);
static_assert(m::sigmoid(-1000) == 0 && m::sigmoid(1000) == 1 && m::sigmoid(0) == 0.5);
static_assert(m::floor(-0.5) == -1 && m::floor(1e300) == 1e300 && m::sin(0) == 0 && m::cos(0) == 1);

// NaN, infinities and zeros of either sign: what the compiler computes is what <cmath> says
constexpr std::array special{0.0,     -0.0,  0.5,      1.0,       -1.0,
                             2.0,     -2.0,  3.0,      2000.0,    2001.0,
                             -2001.0, 1e300, infinity, -infinity, std::numeric_limits<double>::quiet_NaN()};
template <class F> constexpr auto of_special(F f) {
    std::array<std::array<double, special.size()>, special.size()> y{};
    for (std::size_t i = 0; i < special.size(); ++i)
        for (std::size_t k = 0; k < special.size(); ++k) y[i][k] = f(special[i], special[k]);
    return y;
}
template <class F, class G> void expect_special(const char* name, F found, G wanted) {
    for (std::size_t i = 0; i < special.size(); ++i)
        for (std::size_t k = 0; k < special.size(); ++k) {
            const double y = found[i][k], w = wanted(special[i], special[k]);
            EXPECT_TRUE(std::isnan(w) ? std::isnan(y) : ulps(y, w) < 500 && std::signbit(y) == std::signbit(w))
                << name << " of " << special[i] << ", " << special[k] << ": " << y << ", not " << w;
        }
}
TEST(mathematics, pow_of_special_values) {
    static constexpr auto y = of_special([](double a, double b) { return m::pow(a, b == 0.5 ? 1.5 : b); });
    expect_special("pow", y, [](double a, double b) { return std::pow(a, b == 0.5 ? 1.5 : b); });
}
TEST(mathematics, atan2_and_round_of_special_values) {
    static constexpr auto y = of_special([](double a, double b) { return m::atan2(a, b); });
    expect_special("atan2", y, [](double a, double b) { return std::atan2(a, b); });
    // halved; NaN as it is, since arithmetic that makes one is no constant
    constexpr auto part = [](double a, double b) { return b == 1 || a != a ? a : a / 2; };
    static constexpr auto whole = of_special([=](double a, double b) { return m::round(part(a, b)); });
    expect_special("round", whole, [=](double a, double b) { return std::nearbyint(part(a, b)); });
    static constexpr auto angles = of_special([](double a, double b) { return b == 1 ? m::asin(a) : m::acos(a); });
    expect_special("asin, acos", angles, [](double a, double b) { return b == 1 ? std::asin(a) : std::acos(a); });
}
TEST(mathematics, sine_and_cosine_of_infinity) {
    static constexpr auto y = of_special([](double a, double b) {
        const bool finite = a < infinity && a > -infinity;
        return finite ? 0 : b > 0 ? m::sin(a) : m::cos(a);
    });
    for (std::size_t i = 0; i < special.size(); ++i)
        for (double v : y[i]) EXPECT_EQ(std::isnan(v), !std::isfinite(special[i])) << special[i];
}

}  // namespace
