// The door to xsimd: partial accesses, fused multiply-add, NaN, horizontal folds, transposition.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <tessera/backend/simd/vector.hpp>

namespace {

using namespace tessera::detail::simd;

template <class T> class vector_test : public testing::Test {};
using scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(vector_test, scalars);

TYPED_TEST(vector_test, partial_accesses_touch_only_the_first_lanes) {
    using T = TypeParam;
    using V = vector<T, default_arch>;
    constexpr int width = lanes<V>;
    T from[2 * width], to[2 * width];
    for (int i = 0; i < 2 * width; ++i) from[i] = T(i + 1);
    for (int n = 0; n <= width; ++n) {
        std::fill(to, to + 2 * width, T(-1));
        const V v = load<V>(from, first<V>(n));
        store_to(to, v);
        for (int i = 0; i < width; ++i) ASSERT_EQ(to[i], i < n ? from[i] : T(0));
        std::fill(to, to + 2 * width, T(-1));
        store_to(to, load<V>(from), first<V>(n));
        for (int i = 0; i < 2 * width; ++i) ASSERT_EQ(to[i], i < n ? from[i] : T(-1));
    }
}

TYPED_TEST(vector_test, half_vectors) {
    using T = TypeParam;
    if constexpr (has_half<T, default_arch>) {
        using H = half_vector<T, default_arch>;
        T from[16], to[16];
        for (int i = 0; i < 16; ++i) from[i] = T(i + 1);
        for (int n = 0; n <= lanes<H>; ++n) {
            std::fill(to, to + 16, T(-1));
            store_to(to, fmadd(load<H>(from, first<H>(n)), H(T(2)), H(T(1))), first<H>(n));
            for (int i = 0; i < 16; ++i) ASSERT_EQ(to[i], i < n ? 2 * from[i] + 1 : T(-1));
        }
    }
    EXPECT_LE(lanes<decltype(vector<T, default_arch>())>, 16);
}

TYPED_TEST(vector_test, multiply_add_is_fused_where_the_instruction_set_is) {
    using T = TypeParam;
    using V = vector<T, default_arch>;
    const T tiny = std::numeric_limits<T>::epsilon();
    volatile T x = T(1) + tiny;  // x x - (1 + 2 tiny) is tiny^2 when rounded once
    const T got = reduce_add(fmadd(V(T(x)), V(T(x)), V(-(T(1) + 2 * tiny)))) / T(lanes<V>);
#ifdef __FMA__
    EXPECT_EQ(got, tiny * tiny);
#else
    EXPECT_LE(std::abs(got), tiny * tiny);
#endif
}

TYPED_TEST(vector_test, maximum_and_minimum_keep_nan) {
    using T = TypeParam;
    using V = vector<T, default_arch>;
    const T nan = std::numeric_limits<T>::quiet_NaN();
    EXPECT_TRUE(std::isnan(reduce_add(max(V(nan), V(T(1))))));
    EXPECT_TRUE(std::isnan(reduce_add(max(V(T(1)), V(nan)))));
    EXPECT_TRUE(std::isnan(reduce_add(min(V(nan), V(T(1))))));
    EXPECT_TRUE(std::isnan(reduce_add(min(V(T(1)), V(nan)))));
    EXPECT_EQ(reduce_max(max(V(T(-3)), V(T(2)))), T(2));
    EXPECT_EQ(reduce_min(min(V(T(-3)), V(T(2)))), T(-3));
}

TYPED_TEST(vector_test, folds_reach_every_lane) {
    using T = TypeParam;
    using V = vector<T, default_arch>;
    constexpr int width = lanes<V>;
    for (int special = 0; special < width; ++special) {
        T lane[width];
        for (int i = 0; i < width; ++i) lane[i] = i == special ? T(50) : T(i);
        const V v = load<V>(lane);
        EXPECT_EQ(reduce_max(v), T(50));
        EXPECT_EQ(reduce_add(v), T(width * (width - 1) / 2 - special + 50));
        EXPECT_EQ(reduce_min(V(T(0)) - v), T(-50));
        lane[special] = std::numeric_limits<T>::quiet_NaN();
        EXPECT_TRUE(std::isnan(reduce_max(load<V>(lane))));
    }
}

TYPED_TEST(vector_test, square_roots_and_rounding) {
    using T = TypeParam;
    using V = vector<T, default_arch>;
    EXPECT_EQ(reduce_max(rsqrt(V(T(16)))), T(0.25));
    EXPECT_EQ(reduce_max(sqrt(V(T(2)))), std::sqrt(T(2)));
    EXPECT_EQ(reduce_max(floor(V(T(-1.5)))), T(-2));
    EXPECT_EQ(reduce_max(abs(V(T(-1.5)))), T(1.5));
}

TYPED_TEST(vector_test, transposes_blocks) {
    using T = TypeParam;
    T from[4][5], to[4][6] = {};
    for (int i = 0; i < 4; ++i)
        for (int j = 0; j < 5; ++j) from[i][j] = T(10 * i + j);
    transpose_block<default_arch>(&from[0][0], 5, &to[0][0], 6);
    for (int i = 0; i < 4; ++i)
        for (int j = 0; j < 6; ++j) EXPECT_EQ(to[i][j], j < 4 ? from[j][i] : T(0));
}

}  // namespace
