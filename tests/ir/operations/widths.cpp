// What is computed in float64 within a program of float, and in float32 within one of double, is what a program of that
// type computes: functions, sums, products, what moves elements, windows, attention, loops; on both backends.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <vector>

#include "../../numbers.hpp"

namespace {

using namespace tessera;

template <class Backend> struct widths_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(widths_on, backends);

template <auto Layers, int... Size>
struct in_float64 : network<[](value x) { return Layers(cast<float64>(x)); }, shape<Size...>> {};
template <auto Layers, int... Size>
struct in_float32 : network<[](value x) { return Layers(cast<float32>(x)); }, shape<Size...>> {};
template <auto Layers, int... Size> struct plain : network<[](value x) { return Layers(x); }, shape<Size...>> {};

// to a few units in the last place: loops end at a cast, and sums may be cut otherwise
template <class T> void expect_alike(const auto& got, const auto& wanted, const std::string& what) {
    ASSERT_EQ(got.size(), wanted.size()) << what;
    const double epsilon = 8 * static_cast<double>(std::numeric_limits<T>::epsilon());
    for (std::size_t i = 0; i < got.size(); ++i) {
        const auto a = static_cast<double>(got[i]), b = static_cast<double>(wanted[i]);
        if (std::isnan(b)) {
            EXPECT_TRUE(std::isnan(a)) << what << " at " << i;
            continue;
        }
        EXPECT_LE(std::abs(a - b), epsilon * std::max(1.0, std::abs(b))) << what << " at " << i;
    }
}
template <class Backend, auto Layers, int... Size> void expect_width(const std::string& what) {
    constexpr int size = (Size * ... * 1);
    const std::vector<float> x = sixteenths(3 * size);
    const std::vector<double> wide(x.begin(), x.end());
    static model<in_float64<Layers, Size...>, Backend, batch<3>> in_float;
    static model<plain<Layers, Size...>, Backend, batch<3>, double> doubles;
    const auto a = in_float(x);
    static_assert(std::is_same_v<decltype(a), const output_view<double>>);
    expect_alike<double>(a, doubles(wide), what + " in float64");
    static model<in_float32<Layers, Size...>, Backend, batch<3>, double> in_double;
    static model<plain<Layers, Size...>, Backend, batch<3>> floats;
    const auto b = in_double(wide);
    static_assert(std::is_same_v<decltype(b), const output_view<float>>);
    expect_alike<float>(b, floats(x), what + " in float32");
    // where the width is the program's own nothing is left of the cast
    static_assert(!program<in_float64<Layers, Size...>, Backend, double>::mixes_widths);
    static_assert(!program<in_float32<Layers, Size...>, Backend>::mixes_widths);
    static_assert(program<in_float64<Layers, Size...>, Backend, double>::steps ==
                  program<plain<Layers, Size...>, Backend, double>::steps);
}

inline constexpr auto functions = [](value x) {
    const value y = tanh(x) * exp(-square(x)) + sqrt(abs(x)) - 0.1 / (1 + square(x));
    const value z = sin(y) + cos(x) + erf(x) + log1p(abs(y)) + log(1 + abs(x)) + floor(x) + round(x * 3) + sign(x);
    const value w = relu(z) + sigmoid(y) + minimum(x, y) + maximum(x, 0.25) + clamp(z, -1, 1) + pow(abs(x) + 0.5, 1.5);
    return w + atan2(y, x) + asin(tanh(x)) + acos(tanh(y)) + less(x, y) + equal(x, 0.5) + select(less(x, 0), y, z) +
           reciprocal(1.5 + tanh(x)) + rsqrt(1 + square(x)) + masked(less(0, x), y);
};
inline constexpr auto reductions = [](value x) {  // (5, 7)
    return concatenate({reshape(sum(x, last), {5}), mean(x, leading), max(x, last), min(x, leading),
                        reshape(mean(square(x)), {1}), reshape(sum(x * 0.1), {1})});
};
inline constexpr auto products = [](value x) {  // (9, 6)
    const value p = einsum("ti,si->ts", x, x * 0.3), q = einsum("ts,si->ti", relu(p) + 1, x);
    return concatenate({reshape(p, {81}), reshape(q, {54})});
};
inline constexpr auto rows = [](value x) {  // (4, 9)
    return concatenate({softmax(x), log_softmax(x), cumulative_sum(x, 1), cumulative_sum(x, 0)}, 0);
};
inline constexpr auto moves = [](value x) {  // (3, 4, 5)
    const value y = permute(x, {2, 0, 1}), z = slice(y, 0, 1, 3) * 2;
    return concatenate({reshape(z, {36}), reshape(padded(x, {1, 0, 0}, {0, 2, 1}, 0.1), {4 * 6 * 6}),
                        reshape(sort(x, 1).values, {60}),
                        reshape(gather(reshape(x, {12, 5}), index_table({7, 0}).with(x)), {10})});
};
inline constexpr auto windows = [](value x) {  // (6, 8, 2)
    return concatenate({reshape(max_pool<2>(x), {24}), reshape(avg_pool<3, same, stride<1>>(x), {96})});
};
inline constexpr auto attending = [](value x) {  // (6, 2, 4)
    return attend(x, x * 0.5, x + 1, {.scale = 0.5, .causal = true});
};
inline constexpr auto recurrence = [](value x) {  // (7, 5)
    const value start = slice(x, 0, 0, 1) * 0.1;
    return scan([](value h, value now) { return tanh(h * 0.9 + now) + h * 0.1; }, reshape(start, {5}), x);
};

TYPED_TEST(widths_on, functions_of_one_element) { expect_width<TypeParam, functions, 3, 11>("functions"); }
TYPED_TEST(widths_on, a_single_number) { expect_width<TypeParam, functions, 1>("functions of one"); }
TYPED_TEST(widths_on, sums_and_maxima) { expect_width<TypeParam, reductions, 5, 7>("reductions"); }
TYPED_TEST(widths_on, products_of_values) { expect_width<TypeParam, products, 9, 6>("products"); }
TYPED_TEST(widths_on, what_runs_along_an_axis) { expect_width<TypeParam, rows, 4, 9>("rows"); }
TYPED_TEST(widths_on, what_moves_elements) { expect_width<TypeParam, moves, 3, 4, 5>("moves"); }
TYPED_TEST(widths_on, windows_that_slide) { expect_width<TypeParam, windows, 6, 8, 2>("windows"); }
TYPED_TEST(widths_on, attention_of_values) { expect_width<TypeParam, attending, 6, 2, 4>("attention"); }
TYPED_TEST(widths_on, a_carry) { expect_width<TypeParam, recurrence, 7, 5>("recurrence"); }

}  // namespace
