// Values of bits: packed along the last axis, of the shape of their elements; moved by rows; on both backends.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <tessera/ir/operations/row_product.hpp>
#include <tessera/ir/operations/scan.hpp>
#include <tessera/layers/relu.hpp>
#include <vector>

#include "../../network_facts.hpp"
#include "../../numbers.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

template <class Backend> struct bits_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(bits_on, backends);

template <int N>
inline constexpr auto unpacked_bits = [](value x) {
    const value b = sign_bits(x);
    return values{b, signs_of(b), to_integer(b)};
};
template <int N> struct unpacks : network<unpacked_bits<N>, shape<3, N>> {};
template <class Backend, int N> void expect_unpacked() {
    static model<unpacks<N>, Backend, batch<2>> m;
    std::vector<float> x = numbers(6 * N);
    x[0] = -0.0F;
    x[N] = std::numeric_limits<float>::quiet_NaN();
    x[2 * N] = -std::numeric_limits<float>::infinity();
    m(x);
    const auto words = m.template result<0>();
    constexpr int width = (N + 31) / 32;
    ASSERT_EQ(words.size(), 6U * width);
    for (int r = 0; r < 6; ++r)
        for (int k = 0; k < width * 32; ++k) {
            const auto word = static_cast<std::uint32_t>(words[static_cast<std::size_t>(r * width + k / 32)]);
            const auto at = static_cast<std::size_t>(r * N + k);
            const bool below = k < N && x[at] < 0;
            EXPECT_EQ(word >> (k % 32) & 1, below) << N << " " << r << " " << k;
            if (k >= N) continue;
            EXPECT_EQ(m.output(1)[at], below ? -1 : 1);
            EXPECT_EQ(m.index_output(2)[at], below);
        }
}
TYPED_TEST(bits_on, are_packed_by_rows) {
    expect_unpacked<TypeParam, 1>();
    expect_unpacked<TypeParam, 31>();
    expect_unpacked<TypeParam, 32>();
    expect_unpacked<TypeParam, 65>();
    expect_unpacked<TypeParam, 1000>();
}

// in double, and with code that is run on what they are unpacked to; of as many rows as several threads share out
inline constexpr auto with_code = [](value x) {
    const value b = sign_bits(x);
    return values{relu(signs_of(b) * x + 0.5), to_real(to_integer(b)) * 3};
};
struct unpacks_and_goes_on : network<with_code, shape<90, 77>> {};
template <class Backend, class Real> void expect_code_of_bits() {
    static model<unpacks_and_goes_on, Backend, batch<5>, Real> m;
    std::vector<Real> x(5 * 90 * 77);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<Real>(std::sin(1.3 * static_cast<double>(i)));
    for (int used : {1, 3}) {
        simd::threads::set_count(used);
        m(x);
        for (std::size_t i = 0; i < x.size(); ++i) {
            ASSERT_EQ(m.output(0)[i], std::abs(x[i]) + Real(0.5)) << i;
            ASSERT_EQ(m.output(1)[i], x[i] < 0 ? 3 : 0) << i;
        }
    }
    simd::threads::set_count(1);
}
TYPED_TEST(bits_on, are_followed_by_code) {
    expect_code_of_bits<TypeParam, float>();
    expect_code_of_bits<TypeParam, double>();
}
static_assert(program<unpacks_and_goes_on, backend::simd>::runs_natively);
static_assert(program<unpacks_and_goes_on, backend::simd>::steps == 4);

// 33 elements a row take two words
template <class Net, class Backend = backend::scalar>
constexpr long bytes_of_program = program<Net, Backend>::workspace_bytes;
inline constexpr auto kept_bits = [](value x) { return signs_of(sign_bits(x)); };
static_assert(bytes_of_program<network<kept_bits, shape<64, 33>>> == 64 * 2 * 4 + 64 * 33 * 4);

// what moves rows does to bits what it does to numbers
template <class F> constexpr values both_ways(value x, const F& moved) {
    return {signs_of(moved(sign_bits(x))), select(less(moved(x), 0), -1, 1)};
}
inline constexpr auto permuted = [](value x) { return both_ways(x, [](value v) { return permute(v, {1, 0, 2}); }); };
inline constexpr auto sliced = [](value x) {
    return both_ways(x, [](value v) { return reversed(slice(v, 0, 1, 2), 1); });
};
inline constexpr auto joined = [](value x) {
    return both_ways(x, [](value v) { return concatenate({v, slice(v, 1, 0, 2)}, 1); });
};
inline constexpr auto reshaped = [](value x) {
    return both_ways(x, [&](value v) { return permute(reshape(v, {12, 1, 37}), {1, 0, 2}); });
};
inline constexpr auto gathered = [](value x) {
    const value rows = index_table({2, 0, 2, 11, 5}).with(x);
    return both_ways(x, [&](value v) { return gather(reshape(v, {12, 37}), rows); });
};
inline constexpr auto in_a_loop = [](value x) {
    const value start = constant({0}, {1}).with(x);
    const value b = sign_bits(x);
    return values{scan([](value h, value now) { return h + sum(signs_of(now)); }, start, b),
                  scan([](value h, value now) { return h + sum(select(less(now, 0), -1, 1)); }, start, x)};
};
template <auto Function> struct moves : network<Function, shape<3, 4, 37>> {};
template <class Backend, auto Function> void expect_equal_ways() {
    static model<moves<Function>, Backend, batch<2>> m;
    m(numbers(2 * 3 * 4 * 37));
    ASSERT_GT(m.output(0).size(), 0U);
    for (std::size_t i = 0; i < m.output(0).size(); ++i) ASSERT_EQ(m.output(0)[i], m.output(1)[i]) << i;
}
TYPED_TEST(bits_on, are_moved_as_numbers_are) {
    expect_equal_ways<TypeParam, permuted>();
    expect_equal_ways<TypeParam, sliced>();
    expect_equal_ways<TypeParam, joined>();
    expect_equal_ways<TypeParam, reshaped>();
    expect_equal_ways<TypeParam, gathered>();
    expect_equal_ways<TypeParam, in_a_loop>();
}
// rows of whole words are joined and parted, those of constants too
inline constexpr auto every_third = [] {
    std::array<int, 128> bits{};
    for (std::size_t i = 0; i < bits.size(); i += 3) bits[i] = 1;
    return bits;
}();
inline constexpr auto of_words = [](value x) {  // (3, 2, 64)
    const value rows = reshape(sign_bits(x), {3, 128});
    const value table = reshape(bit_table(every_third, {4, 32}).with(x), {1, 128});
    return values{signs_of(reshape(rows, {12, 32})), reshape(select(less(x, 0), -1, 1), {12, 32}),
                  bit_product(rows, table), einsum("ik,jk->ij", signs_of(rows), signs_of(table))};
};
struct joins_words : network<of_words, shape<3, 2, 64>> {};
TYPED_TEST(bits_on, are_joined_by_words) {
    static model<joins_words, TypeParam, batch<2>> m;
    m(numbers(2 * 3 * 2 * 64));
    for (int k = 0; k < 4; k += 2)
        for (std::size_t i = 0; i < m.output(k).size(); ++i) ASSERT_EQ(m.output(k)[i], m.output(k + 1)[i]) << k;
}
TYPED_TEST(bits_on, stream) {
    static model<moves<in_a_loop>, TypeParam, streaming> m;
    const std::vector<float> x = numbers(3 * 4 * 37);
    for (int t = 0; t < 3; ++t) {
        m(std::vector<float>(x.begin() + t * 148, x.begin() + (t + 1) * 148));
        EXPECT_EQ(m.output(0)[0], m.output(1)[0]);
    }
}

// constants, in read-only memory; as an output they are copied
inline constexpr auto by_a_table = [](value x) {
    const value table = bit_table({1, 0, 1, 0, 0, 1}, {2, 3}).with(x);
    return values{bit_product(sign_bits(x), table), signs_of(table), table};
};
struct of_a_table : network<by_a_table, shape<3>> {};
TYPED_TEST(bits_on, are_constants) {
    static model<of_a_table, TypeParam> m;
    m(std::vector<float>{-1, 2, 3});
    EXPECT_EQ(m.output(0)[0], 1 + 1 - 1);
    EXPECT_EQ(m.output(0)[1], -1 + 1 - 1);
    const float wanted[] = {-1, 1, -1, 1, 1, -1};
    for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(m.output(1)[i], wanted[i]);
    EXPECT_EQ(m.template result<2>()[0], 5);
    EXPECT_EQ(m.template result<2>()[1], 4);
}
constexpr float while_compiling = [] {
    model<network<[](value x) { return sum(bit_product(sign_bits(x), bit_table({1, 0, 1, 0, 0, 1}, {2, 3}).with(x))); },
                  shape<3>>,
          backend::scalar>
        m;
    const float x[] = {-1, 2, 3};
    return m(x)[0];
}();
static_assert(while_compiling == 0);

// --- mistakes

template <auto Function> constexpr bool moves_bits = mistake<Function, 3, 4>().found == "bits, of which 32 are a word";
static_assert(moves_bits<[](value x) { return signs_of(permute(sign_bits(x), {1, 0})); }>);
static_assert(moves_bits<[](value x) { return signs_of(reshape(sign_bits(x), {4, 3})); }>);
static_assert(mistake<[](value x) { return signs_of(reshape(sign_bits(x), {2, 48})); }, 3, 32>().found ==
              "bits, of which 32 are a word");
static_assert(moves_bits<[](value x) { return signs_of(slice(sign_bits(x), 1, 0, 2)); }>);
static_assert(moves_bits<[](value x) { return signs_of(concatenate({sign_bits(x), sign_bits(x)})); }>);
inline constexpr auto as_numbers = [](value x) { return to_real(sign_bits(x)); };
static_assert(mistake<as_numbers, 3>().found == "bits");
inline constexpr auto added = [](value x) { return signs_of(sign_bits(x) + 1); };
static_assert(mistake<added, 3>().expected == "real numbers");
inline constexpr auto unpacked_numbers = [](value x) { return signs_of(x); };
static_assert(mistake<unpacked_numbers, 3>().expected == "bits");
inline constexpr auto single = [](value x) { return signs_of(bit_table({1}, {}).with(x)); };
static_assert(mistake<single, 3>().expected == "rows of bits");

}  // namespace
