// Products of whole numbers and of bits against sums of real products; on both backends.
#include <gtest/gtest.h>

#include <cstdint>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <tessera/ir/operations/row_product.hpp>
#include <vector>

#include "../../network_facts.hpp"
#include "../../numbers.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

template <class Backend> struct row_product_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(row_product_on, backends);

inline constexpr auto product = [](const values& x) { return integer_product(x[0], x[1]); };
template <class A, class B, int K>
struct products : network<product, in<"a", shape<2, K>, A>, in<"b", shape<3, K>, B>> {};

template <class Backend, class A, class B, int K> void expect_products() {
    static model<products<A, B, K>, Backend, batch<2>> m;
    std::vector<typename A::stored> a;
    std::vector<typename B::stored> b;
    for (int i = 0; i < 4 * K; ++i) a.push_back(static_cast<typename A::stored>(i * 91 - 77));
    for (int i = 0; i < 6 * K; ++i) b.push_back(static_cast<typename B::stored>(i * 57 + 130));
    const auto y = m(a, b);
    for (int s = 0; s < 2; ++s)
        for (int r = 0; r < 2; ++r)
            for (int o = 0; o < 3; ++o) {
                std::int64_t sum = 0;
                for (int k = 0; k < K; ++k)
                    sum += std::int64_t{a[static_cast<std::size_t>((s * 2 + r) * K + k)]} *
                           b[static_cast<std::size_t>((s * 3 + o) * K + k)];
                EXPECT_EQ(y(s, r, o), sum) << K;
            }
}
TYPED_TEST(row_product_on, whole_numbers) {
    expect_products<TypeParam, int8, int8, 1>();
    expect_products<TypeParam, int8, int8, 100>();
    expect_products<TypeParam, uint8, int8, 65>();
    expect_products<TypeParam, int8, uint8, 33>();
    expect_products<TypeParam, int16, int16, 1>();
    expect_products<TypeParam, int16, int8, 40>();
}

template <int N>
inline constexpr auto signs = [](value x) {
    const value w = parameter("weight", {5, N}, initial::normal(1)).with(x);
    const value real = einsum("...n,on->...o", select(less(x, 0), -1, 1), select(less(w, 0), -1, 1));
    return values{bit_product(sign_bits(x), sign_bits(w)), real};
};
template <int N> struct of_signs : network<signs<N>, shape<3, N>> {};
template <class Backend, int N> void expect_signs() {
    static model<of_signs<N>, Backend, batch<2>> m(7);
    std::vector<float> x = numbers(6 * N);
    x[0] = 0.0F;
    m(x);
    for (std::size_t i = 0; i < m.output(0).size(); ++i) EXPECT_EQ(m.output(0)[i], m.output(1)[i]) << N << " " << i;
}
TYPED_TEST(row_product_on, bits) {
    expect_signs<TypeParam, 1>();
    expect_signs<TypeParam, 32>();
    expect_signs<TypeParam, 33>();
    expect_signs<TypeParam, 64>();
    expect_signs<TypeParam, 100>();
}

// a quantised layer against the real one, within what the steps take
inline constexpr auto quantised_layer = [](value x) {
    const value w = parameter("weight", {6, 20}, initial::normal(0.3)).with(x);
    const value sums = integer_product(quantise<uint8>(x, 1.0 / 128, 128), quantise<int8>(w, 1.0 / 64));
    const value shift = sum(dequantise(quantise<int8>(w, 1.0 / 64), 1.0 / 64), last);
    return values{to_real(sums) * (1.0 / 128 / 64) - shift, einsum("...k,ok->...o", x, w)};
};
struct quantised : network<quantised_layer, shape<20>> {};
TYPED_TEST(row_product_on, a_quantised_layer) {
    static model<quantised, TypeParam, batch<3>> m(5);
    m(numbers(60));
    for (std::size_t i = 0; i < 18; ++i) EXPECT_NEAR(m.output(0)[i], m.output(1)[i], 20 * (0.5 / 64 + 0.5 / 128));
}

inline constexpr auto of_reals = [](value x) { return integer_product(x, x); };
static_assert(mistake<of_reals, 3, 3>().found == "real ones");
inline constexpr auto of_wide = [](value x) { return integer_product(quantise<int16>(x, 1), quantise<int16>(x, 1)); };
static_assert(mistake<of_wide, 3, 3>().expected == "a sum that fits int32");
inline constexpr auto of_other_rows = [](value x) { return bit_product(sign_bits(x), sign_bits(concatenate({x, x}))); };
static_assert(mistake<of_other_rows, 3, 3>().expected == "rows as long as 3");
inline constexpr auto of_words = [](value x) { return bit_product(to_integer(sign_bits(x)), sign_bits(x)); };
static_assert(mistake<of_words, 3, 3>().expected == "bits" && mistake<of_words, 3, 3>().found == "int32 ones");
inline constexpr auto numbers_of_bits = [](value x) { return to_real(integer_product(sign_bits(x), sign_bits(x))); };
static_assert(mistake<numbers_of_bits, 3, 3>().expected == "whole numbers");

}  // namespace
