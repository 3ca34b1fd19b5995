// Values stored in fewer bits: pictures of bytes as inputs, quantised numbers, floats of 16 bits; on both backends.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <tessera/train/gradients_of.hpp>
#include <tessera/train/loss/weighted_outputs.hpp>
#include <vector>

#include "../../network_facts.hpp"
#include "../../numbers.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

template <class Backend> struct convert_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(convert_on, backends);

constexpr float infinity = std::numeric_limits<float>::infinity(), nan_of = std::numeric_limits<float>::quiet_NaN();

// --- narrow inputs

inline constexpr auto of_a_picture = [](value x) { return conv<2, 3>(to_real(x) * (1.0 / 255)); };
inline constexpr auto of_numbers = [](value x) { return conv<2, 3>(x * (1.0 / 255)); };
struct picture : network<of_a_picture, in<"image", shape<5, 6, 1>, uint8>> {};
struct reals : network<of_numbers, shape<5, 6, 1>> {};

TYPED_TEST(convert_on, a_picture_of_bytes) {
    static model<picture, TypeParam, batch<3>> bytes(2);
    static model<reals, TypeParam, batch<3>> floats(2);
    std::vector<std::uint8_t> x;
    for (int i = 0; i < 90; ++i) x.push_back(static_cast<std::uint8_t>(i * 37 + 200));
    const auto a = bytes(x);
    const auto b = floats(std::vector<float>(x.begin(), x.end()));
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i], b[i]);
}

inline constexpr auto moved = [](value x) {  // (2, 3), whatever it is made of
    return values{permute(x, {1, 0}), concatenate({slice(x, 1, 1, 2), x}, 1), to_real(reshape(x, {6})), x};
};
template <class Element> struct moves : network<moved, in<"x", shape<2, 3>, Element>> {};

template <class Backend, class Element> void expect_moved() {
    using number = typename Element::stored;
    static model<moves<Element>, Backend, batch<2>> m;
    const int least = static_cast<int>(whole_range::of(Element::kind).low);
    std::vector<number> x;
    for (int i = 0; i < 12; ++i) x.push_back(static_cast<number>(i % 3 == 0 ? least + i : i * 9));
    const auto turned = m(x);
    static_assert(std::is_same_v<decltype(turned), const output_view<number>>);
    const auto joined = m.template result<1>();
    const auto same = m.template result<3>();
    for (int s = 0; s < 2; ++s)
        for (int a = 0; a < 2; ++a)
            for (int b = 0; b < 3; ++b) {
                const number wanted = x[static_cast<std::size_t>(s * 6 + a * 3 + b)];
                EXPECT_EQ(turned(s, b, a), wanted);
                EXPECT_EQ(joined(s, a, b + 2), wanted);
                EXPECT_EQ(same(s, a, b), wanted);
                EXPECT_EQ(m.output(2)(s, a * 3 + b), static_cast<float>(wanted));
                if (b > 0) {
                    EXPECT_EQ(joined(s, a, b - 1), wanted);
                }
            }
}
TYPED_TEST(convert_on, elements_of_any_size_are_moved) {
    expect_moved<TypeParam, int32>();
    expect_moved<TypeParam, int16>();
    expect_moved<TypeParam, int8>();
    expect_moved<TypeParam, uint8>();
}

inline constexpr auto bytes_added = [](value x) { return values{x * 2 - 300, less(x, 100), arg_max(to_real(x + 1))}; };
struct adds_bytes : network<bytes_added, in<"x", shape<4>, uint8>> {};
TYPED_TEST(convert_on, arithmetic_of_narrow_numbers_is_of_int32) {
    static model<adds_bytes, TypeParam> m;
    const std::vector<std::uint8_t> x{0, 99, 255, 7};
    const auto y = m(x);
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(y[i], x[i] * 2 - 300);
        EXPECT_EQ(m.output(1)[i], x[i] < 100 ? 1 : 0);
    }
    EXPECT_EQ(m.index_output(2)[0], 2);
}

// --- quantised

inline constexpr auto to_bytes = [](value x) {
    return values{quantise<int8>(x, 0.5, -3), quantise<uint8>(x, 0.5, 10), dequantise(quantise<int16>(x, 0.001), 0.001),
                  dequantise(quantise<int8>(x, 0.5, -3), 0.5, -3)};
};
struct quantises : network<to_bytes, shape<10>> {};
TYPED_TEST(convert_on, halves_go_to_the_even_number_and_ends_hold) {
    static model<quantises, TypeParam> m;
    const std::vector<float> x{0, 0.25F, 0.75F, -0.25F, 63, -70, infinity, -infinity, nan_of, 32.7F};
    const auto q = m(x);
    static_assert(std::is_same_v<decltype(q), const output_view<std::int8_t>>);
    const int wanted[] = {-3, -3, -1, -3, 123, -128, 127, -128, -3, 62},
              unsigned_ones[] = {10, 10, 12, 10, 136, 0, 255, 0, 10, 75};
    const auto u = m.template result<1>();
    for (std::size_t i = 0; i < 10; ++i) {
        EXPECT_EQ(q[i], wanted[i]) << i;
        EXPECT_EQ(u[i], unsigned_ones[i]) << i;
        EXPECT_EQ(m.output(3)[i], static_cast<float>((wanted[i] + 3) * 0.5)) << i;
    }
    EXPECT_NEAR(m.output(2)[9], 32.7F, 0.0006F);
    EXPECT_FLOAT_EQ(m.output(2)[4], 32.767F);
}

// --- sixteen bits

inline constexpr auto halved = [](value x) {
    return values{to_real(cast<float16>(x)), to_real(cast<bfloat16>(x)),
                  to_real(permute(cast<bfloat16>(reshape(x, {2, 4})), {1, 0}))};
};
struct small : network<halved, shape<8>> {};
TYPED_TEST(convert_on, floats_of_sixteen_bits) {
    static model<small, TypeParam> m;
    const std::vector<float> x{1, 1.0009765625F, 65519, 65520, -1e-8F, infinity, nan_of, 0.1F};
    m(x);
    for (std::size_t i = 0; i < 8; ++i) {
        const float half = float16_format::decode(float16_format::encode(x[i]));
        const float brain = bfloat16_format::decode(bfloat16_format::encode(x[i]));
        if (i == 6) {
            EXPECT_TRUE(std::isnan(m.output(0)[i]) && std::isnan(m.output(1)[i]));
            continue;
        }
        EXPECT_EQ(m.output(0)[i], half);
        EXPECT_EQ(m.output(1)[i], brain);
        EXPECT_EQ(m.output(2)[i % 4 * 2 + i / 4], brain);
    }
    EXPECT_EQ(m.output(0)[3], infinity);
}
// two bytes each, where a float would take four
static_assert(program<network<[](value x) { return to_real(permute(cast<bfloat16>(exp(x)), {1, 0})); }, shape<64, 64>>,
                      backend::scalar>::workspace_bytes <= 64 * 64 * (4 + 2 + 2));

// the gradient passes as if all digits were kept, so differences see steps: against that of the function without them
inline constexpr auto through_sixteen_bits = [](value x) {
    return tanh(einsum("i,io->o", to_real(cast<bfloat16>(x)),
                       to_real(cast<bfloat16>(parameter("w", {4, 3}, initial::normal(0.5)).with(x)))));
};
inline constexpr auto through_all = [](value x) {
    return tanh(einsum("i,io->o", x, parameter("w", {4, 3}, initial::normal(0.5))));
};
struct sixteen : network<through_sixteen_bits, shape<4>> {};
struct whole_digits : network<through_all, shape<4>> {};
TEST(convert, gradients_pass_a_cast) {
    static model<sixteen, backend::simd, gradients_of<weighted_outputs>> a(4);
    static model<whole_digits, backend::simd, gradients_of<weighted_outputs>> b(4);
    const std::vector<float> x{0.5F, -0.25F, 1, 2}, ones(3, 1);
    a(x, ones);
    b(x, ones);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(a.gradient(0)[i], b.gradient(0)[i], 0.02) << i;
    EXPECT_NE(a.gradient(0)[0], 0);
}

// while compiling each has its own room
inline constexpr auto counted = [](value x) {
    return sum(dequantise(quantise<int8>(x, 0.25), 0.25)) + to_real(arg_max(x)) + sum(to_real(cast<float16>(x)));
};
struct counts_inside : network<counted, shape<3>> {};
constexpr float inside = [] {
    model<counts_inside, backend::scalar> m;
    const float x[] = {0.3F, 2, -100};
    return m(x)[0];
}();
static_assert(inside == 0.25F + 2 - 32 + 1 + float16_format::decode(float16_format::encode(0.3F)) + 2 - 100);

// --- mistakes

inline constexpr auto flat = [](value x) { return to_real(quantise<int8>(x, 0)); };
static_assert(mistake<flat, 3>().expected == "a scale above 0, and finite");
inline constexpr auto far = [](value x) { return to_real(quantise<int8>(x, 1, 200)); };
static_assert(mistake<far, 3>().expected == "a zero that int8 holds");
inline constexpr auto stored_roots = [](value x) { return sqrt(cast<bfloat16>(x)); };
static_assert(mistake<stored_roots, 3>().expected == "real numbers");
inline constexpr auto joined = [](value x) { return concatenate({quantise<int8>(x, 1), quantise<uint8>(x, 1)}); };
static_assert(mistake<joined, 3>().found == "int8 and uint8");
inline constexpr auto by_bytes = [](value x) { return gather(x, quantise<int8>(x, 1), 0); };
static_assert(mistake<by_bytes, 3>().expected == "an index of element int32");

}  // namespace
