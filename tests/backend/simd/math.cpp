// Elementary functions against <cmath> in the next wider type, in units in the last place.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <tessera/backend/simd/math.hpp>
#include <type_traits>
#include <vector>

namespace {

using namespace tessera::detail::simd;

template <class T> using wider = std::conditional_t<std::is_same_v<T, float>, double, long double>;

template <class T> double distance(T got, wider<T> want) {
    const T rounded = static_cast<T>(want);
    if (std::isnan(rounded) || std::isnan(got)) return std::isnan(rounded) && std::isnan(got) ? 0 : 1e30;
    if (std::isinf(rounded) || std::isinf(got)) return rounded == got ? 0 : 1e30;
    const T size = std::abs(rounded);
    const T above = std::nextafter(size, std::numeric_limits<T>::infinity());
    const T unit = std::isinf(above) ? size - std::nextafter(size, T(0)) : above - size;
    return static_cast<double>(std::abs(static_cast<wider<T>>(got) - want) / static_cast<wider<T>>(unit));
}

// an even grid over [low, high], a geometric one towards zero from both sides, and the special values
template <class T> std::vector<T> arguments(double low, double high) {
    std::vector<T> x;
    constexpr int grid = 100000;
    for (int i = 0; i < grid; ++i) x.push_back(static_cast<T>(low + (high - low) * (i + 0.37) / grid));
    for (double v = 1; v > 64 * double(std::numeric_limits<T>::denorm_min()); v *= 0.97) {
        x.push_back(static_cast<T>(v));
        if (low < -1) x.push_back(static_cast<T>(-v));
    }
    for (T special : {T(0), T(-0.0), std::numeric_limits<T>::infinity(), -std::numeric_limits<T>::infinity(),
                      std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::max(),
                      std::numeric_limits<T>::lowest(), std::numeric_limits<T>::min()})
        x.push_back(special);
    return x;
}

template <class T, class Vectors, class Scalar>
void expect_close(const char* name, double low, double high, Vectors f, Scalar reference, double limit = 4) {
    using V = vector<T, default_arch>;
    constexpr int width = lanes<V>;
    const std::vector<T> x = arguments<T>(low, high);
    double worst = 0;
    T at = 0;
    for (std::size_t i = 0; i < x.size(); i += width) {
        const int n = int(std::min<std::size_t>(width, x.size() - i));
        T got[width];
        store_to(got, f(load<V>(x.data() + i, first<V>(n))));
        for (int j = 0; j < n; ++j) {
            const T argument = x[i + std::size_t(j)];
            const double off = distance<T>(got[j], reference(static_cast<wider<T>>(argument)));
            if (off > worst) worst = off, at = argument;
        }
    }
    EXPECT_LE(worst, limit) << name << " at " << at;
    testing::Test::RecordProperty(name, std::to_string(worst));
}

template <class T> class math_test : public testing::Test {};
using scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(math_test, scalars);

TYPED_TEST(math_test, units_in_the_last_place) {
    using T = TypeParam;
    const double deep = sizeof(T) == 4 ? 110 : 760;
    expect_close<T>("exp", -deep, deep, [](auto x) { return exp(x); }, [](auto x) { return std::exp(x); });
    expect_close<T>("log", 0, 1000, [](auto x) { return log(x); }, [](auto x) { return std::log(x); });
    expect_close<T>("tanh", -20, 20, [](auto x) { return tanh(x); }, [](auto x) { return std::tanh(x); });
    expect_close<T>(
        "sigmoid", -deep, deep, [](auto x) { return sigmoid(x); },
        [](auto x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); });
    expect_close<T>("erf", -6, 6, [](auto x) { return erf(x); }, [](auto x) { return std::erf(x); });
    expect_close<T>("log1p", 0, 1000, [](auto x) { return log1p(x); }, [](auto x) { return std::log1p(x); });
    expect_close<T>("log1p", -1.5, 1, [](auto x) { return log1p(x); }, [](auto x) { return std::log1p(x); });
    expect_close<T>("expm1", -60, 80, [](auto x) { return expm1(x); }, [](auto x) { return std::expm1(x); });
}

TYPED_TEST(math_test, sine_and_cosine) {
    using T = TypeParam;
    using V = vector<T, default_arch>;
    for (double x = -1000; x < 1000; x += 0.0173) {
        const T argument = static_cast<T>(x);
        ASSERT_LE(distance<T>(reduce_max(sin(V(argument))), std::sin(static_cast<wider<T>>(argument))), 4) << x;
        ASSERT_LE(distance<T>(reduce_max(cos(V(argument))), std::cos(static_cast<wider<T>>(argument))), 4) << x;
    }
    for (double x = 1.3e3; x < 1e37; x *= -1.37) {  // far beyond, too
        const T argument = static_cast<T>(x);
        ASSERT_LE(distance<T>(reduce_max(sin(V(argument))), std::sin(static_cast<wider<T>>(argument))), 4) << x;
        ASSERT_LE(distance<T>(reduce_max(cos(V(argument))), std::cos(static_cast<wider<T>>(argument))), 4) << x;
    }
    for (T special : {std::numeric_limits<T>::infinity(), std::numeric_limits<T>::quiet_NaN()}) {
        EXPECT_TRUE(std::isnan(reduce_add(sin(V(special)))));
        EXPECT_TRUE(std::isnan(reduce_add(cos(V(special)))));
    }
}

TYPED_TEST(math_test, angles) {
    using T = TypeParam;
    using V = vector<T, default_arch>;
    expect_close<T>("asin", -1, 1, [](auto x) { return asin(x); }, [](auto x) { return std::asin(x); });
    expect_close<T>("acos", -1, 1, [](auto x) { return acos(x); }, [](auto x) { return std::acos(x); });
    expect_close<T>("round", -9, 9, [](auto x) { return round(x); }, [](auto x) { return std::nearbyint(x); }, 0);
    constexpr T inf = std::numeric_limits<T>::infinity();
    for (T y : {T(0), T(-0.0), T(1), T(-2), T(1e-30), inf, -inf})
        for (T x : {T(0), T(-0.0), T(3), T(-1), T(-1e-30), inf, -inf}) {
            const T want = std::atan2(y, x), got = reduce_max(atan2(V(y), V(x)));
            EXPECT_EQ(got, want) << y << ", " << x;
        }
}

TYPED_TEST(math_test, powers) {
    using T = TypeParam;
    using V = vector<T, default_arch>;
    for (T x : {T(-2), T(0), T(0.5), T(1), T(3)})
        for (T y : {T(-2), T(0), T(0.5), T(3)}) {
            const T want = std::pow(x, y), got = reduce_max(pow(V(x), V(y)));
            if (std::isnan(want))
                EXPECT_TRUE(std::isnan(got)) << x << "^" << y;
            else
                EXPECT_EQ(got, want) << x << "^" << y;
        }
}

}  // namespace
