// Conversions between real numbers and what they are stored as, within pointwise code: fused, apart and on the scalar
// backend they agree bit for bit; steps and bytes are as few as they should be.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <tessera/ir/operations/row_product.hpp>
#include <tessera/ir/operations/scan.hpp>
#include <vector>

#include "../../numbers.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

// each node a step of its own
struct apart : backend::simd {
    static constexpr bool fuses = false;
};

constexpr float infinity = std::numeric_limits<float>::infinity(), nan_of = std::numeric_limits<float>::quiet_NaN();

std::vector<float> hard_numbers(int count) {
    const std::vector<float> hard{0,       -0.0F,   nan_of,    infinity, -infinity,     0.5F,     -0.5F,  1.5F,
                                  2.5F,    1e10F,   -1e10F,    65519,    65520,         1e-8F,    -3e38F, 3e38F,
                                  127.49F, 127.5F,  -128.51F,  255.5F,   32767.5F,      -32769,   1e-40F, 0.1F,
                                  1.0039F, 1.0078F, 1.001953F, -0.0F,    2147483648.0F, 16777216, 300,    -300};
    std::vector<float> x = numbers(count);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = i % 3 == 2 ? x[i] * 200 : hard[(i * 7 + i / 31) % hard.size()];
    return x;
}

template <class Number> bool same(Number a, Number b) {
    if constexpr (std::is_floating_point_v<Number>) {
        if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
        return a == b && std::signbit(a) == std::signbit(b);
    } else {
        return a == b;
    }
}
template <class A, class B> void expect_same(const A& a, const B& b, int number) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i)
        EXPECT_TRUE(same(a[i], b[i])) << "result " << number << " at " << i << ": " << +a[i] << " and " << +b[i];
}

// the results of a network on three backends
template <class Net, class Real, int Batch, class... Input> void expect_agreement(const Input&... x) {
    static model<Net, backend::scalar, batch<Batch>, Real> one(3);
    static model<Net, apart, batch<Batch>, Real> each(3);
    static model<Net, backend::simd, batch<Batch>, Real> fused(3);
    one(x...);
    each(x...);
    fused(x...);
    [&]<int... K>(std::integer_sequence<int, K...>) {
        (expect_same(one.template result<K>(), fused.template result<K>(), K), ...);
        (expect_same(one.template result<K>(), each.template result<K>(), K), ...);
    }(std::make_integer_sequence<int, Net::table.output_count>{});
}
template <class Real> std::vector<Real> as(const std::vector<float>& x) { return {x.begin(), x.end()}; }

// --- every element, read back within the loop, and stored; with a zero and without

template <class Element> constexpr value there_and_back(value x, double scale, int zero) {
    const value q = quantise<Element>(x * 2, scale, zero);
    return dequantise(q, scale, zero) + 1;
}
inline constexpr auto all_elements = [](value x) {
    return values{there_and_back<int8>(x, 0.5, 0),   there_and_back<int8>(x, 0.25, -3),
                  there_and_back<uint8>(x, 3, 100),  there_and_back<int16>(x, 0.125, 7),
                  there_and_back<int32>(x, 0.5, 1),  to_real(cast<bfloat16>(x * -1)) * 2,
                  to_real(cast<float16>(x * -1)) * 2};
};
inline constexpr auto stored_elements = [](value x) {
    return values{quantise<int8>(abs(x), 0.25, -3),   quantise<uint8>(relu(x), 0.3, 9),
                  quantise<int16>(-x, 0.01),          quantise<int32>(x + 0, 0.5, 16777217),
                  1 / to_real(quantise<int8>(x, 10)), to_real(cast<bfloat16>(x)) + to_real(quantise<int8>(x, 1)) * 0.5};
};
template <class Shape> struct of_all_elements : network<all_elements, Shape> {};
template <class Shape> struct of_stored : network<stored_elements, Shape> {};

template <class Real> void expect_all_elements() {
    expect_agreement<of_all_elements<shape<5, 37>>, Real, 3>(as<Real>(hard_numbers(3 * 5 * 37)));
    expect_agreement<of_stored<shape<5, 37>>, Real, 3>(as<Real>(hard_numbers(3 * 5 * 37)));
    expect_agreement<of_all_elements<shape<1>>, Real, 1>(as<Real>(hard_numbers(1)));
    expect_agreement<of_stored<shape<1>>, Real, 1>(as<Real>(hard_numbers(1)));
    expect_agreement<of_all_elements<shape<3, 1, 6>>, Real, 2>(as<Real>(hard_numbers(36)));
    expect_agreement<of_stored<shape<3, 1, 6>>, Real, 2>(as<Real>(hard_numbers(36)));
}
TEST(conversions, of_every_element_agree) { expect_all_elements<float>(); }
TEST(conversions, of_every_element_agree_in_double) { expect_all_elements<double>(); }
static_assert(program<of_all_elements<shape<5, 37>>, backend::simd>::steps < 6);

// --- what is stored is all that is in memory

inline constexpr auto requantised = [](value q) { return quantise<int8>(relu(dequantise(q, 0.25, 3)), 0.5, -3); };
struct requantises : network<requantised, in<"q", shape<32, 64>, int8>> {};
TEST(conversions, of_whole_numbers_only) {
    std::vector<std::int8_t> q;
    for (int i = 0; i < 2 * 32 * 64; ++i) q.push_back(static_cast<std::int8_t>(i * 29));
    expect_agreement<requantises, float, 2>(q);
}
static_assert(program<requantises, backend::simd>::steps == 1);
static_assert(program<requantises, backend::simd>::workspace_bytes == 32 * 64);

// what is kept for later is what was stored, not what it was made of
inline constexpr auto kept = [](value x) {
    const value small = cast<bfloat16>(exp(x));
    const value y = softmax(softmax(einsum("ij,jk->ik", x, x)));
    return y + to_real(small);
};
struct keeps : network<kept, shape<64, 64>> {};
static_assert(program<keeps, backend::simd>::workspace_bytes == 64 * 64 * (4 + 4 + 2));

// operands that stretch: along features, along samples, one number
inline constexpr auto stretching = [](const values& x) {
    const value a = to_real(x[0]), b = to_real(x[1]), c = to_real(x[2]);
    return values{quantise<int8>(a * b + c, 2), to_real(x[1]) * c, quantise<uint8>(b + c, 1)};
};
struct stretches
    : network<stretching, in<"a", shape<9, 6>, int8>, in<"b", shape<6>, uint8>, in<"c", shape<9, 1>, int16>> {};
TEST(conversions, of_operands_that_stretch) {
    std::vector<std::int8_t> a;
    std::vector<std::uint8_t> b;
    std::vector<std::int16_t> c;
    for (int i = 0; i < 3 * 54; ++i) a.push_back(static_cast<std::int8_t>(i * 29));
    for (int i = 0; i < 3 * 6; ++i) b.push_back(static_cast<std::uint8_t>(i * 31));
    for (int i = 0; i < 3 * 9; ++i) c.push_back(static_cast<std::int16_t>(i * 2500));
    expect_agreement<stretches, float, 3>(a, b, c);
}

// --- epilogues and prologues

inline constexpr auto after_a_product = [](value x) {
    const value y = einsum("ti,io->to", x, parameter("weight", {x.extent(1), 19}, initial::normal(1)));
    return values{quantise<int8>(relu(y * 4), 0.5, -100), to_real(cast<bfloat16>(y)) - 1, cast<float16>(y)};
};
struct after_products : network<after_a_product, shape<7, 13>> {};
inline constexpr auto small_after_a_product = [](value x) {
    const value y = einsum("ti,io->to", x, parameter("weight", {x.extent(1), 19}, initial::normal(1)));
    return to_real(permute(quantise<int8>(relu(y * 4), 0.5, -100), {1, 0}));
};
struct small_after_products : network<small_after_a_product, shape<7, 13>> {};
inline constexpr auto around_a_convolution = [](value image) {
    return quantise<uint8>(relu(conv<9, 3>(dequantise(image, 1.0 / 64, 128))), 1.0 / 32);
};
struct around_convolutions : network<around_a_convolution, in<"image", shape<9, 7, 3>, uint8>> {};

// rounding of products differs by backend: of numbers that are sums of few bits it does not
std::vector<float> few_bits(int count) {
    std::vector<float> x;
    for (int i = 0; i < count; ++i) x.push_back(static_cast<float>((i * 11) % 7 - 3));
    return x;
}
template <class Net, class Backend> auto results_of(const auto& x) {
    static model<Net, Backend, batch<3>> m(5);
    for (std::size_t i = 0; i < m.parameters().size(); ++i)
        m.parameters()[i] = static_cast<float>(int(i * 5 % 9) - 4) / 8;
    m(x);
    return &m;
}
template <class Net> void expect_same_sums(const auto& x) {
    auto* one = results_of<Net, backend::scalar>(x);
    auto* each = results_of<Net, apart>(x);
    auto* fused = results_of<Net, backend::simd>(x);
    [&]<int... K>(std::integer_sequence<int, K...>) {
        (expect_same(one->template result<K>(), fused->template result<K>(), K), ...);
        (expect_same(one->template result<K>(), each->template result<K>(), K), ...);
    }(std::make_integer_sequence<int, Net::table.output_count>{});
}
TEST(conversions, after_and_before_products) {
    expect_same_sums<small_after_products>(few_bits(3 * 7 * 13));
    std::vector<std::uint8_t> image;
    for (int i = 0; i < 3 * 9 * 7 * 3; ++i) image.push_back(static_cast<std::uint8_t>(i * 37));
    expect_same_sums<around_convolutions>(image);
}
static_assert(program<small_after_products, backend::simd>::steps == 3);
static_assert(program<around_convolutions, backend::simd>::steps == 1);

// sums of whole numbers are handed over: neither they nor real ones have memory
inline constexpr auto quantised_layer = [](value q) {
    const value w = quantise<int8>(parameter("weight", {300, 32}, initial::normal(0.3)).with(q), 1.0 / 64);
    const value bias = parameter("bias", {300}, initial::normal(0.3)).with(q);
    return quantise<int8>(relu(to_real(integer_product(q, w)) * (1.0 / 1024) + bias), 1.0 / 16, 1);
};
struct quantised : network<quantised_layer, in<"q", shape<11, 32>, int8>> {};
inline constexpr auto both = [](value q) {
    const value w = quantise<int8>(parameter("weight", {700, 5}, initial::normal(0.3)).with(q), 1.0 / 64);
    const value sums = integer_product(q, w);
    return values{sums, cast<float16>(to_real(sums) * (1.0 / 1024)), to_real(sums) * 0.5};
};
struct of_both : network<both, in<"q", shape<2, 5>, int8>> {};
TEST(conversions, of_sums_that_are_handed_over) {
    std::vector<std::int8_t> q;
    for (int i = 0; i < 3 * 11 * 32; ++i) q.push_back(static_cast<std::int8_t>(i * 29));
    expect_same_sums<quantised>(q);
    q.resize(30);
    expect_same_sums<of_both>(q);
}
// the weights in bytes, the result in bytes
static_assert(program<quantised, backend::simd>::workspace_bytes <= 300 * 32 + 11 * 300 + 64);
static_assert(program<quantised, backend::simd>::steps == 2);

// --- in loops and streams

inline constexpr auto in_a_loop = [](value x) {
    return scan(
        [](value h, value now) {
            const value y = to_real(cast<bfloat16>(h * 0.5)) + dequantise(quantise<int8>(now, 0.125, 2), 0.125, 2);
            return y;
        },
        constant({0, 0, 0, 0, 0, 0, 0, 0, 0}, {9}).with(x), x);
};
struct loops : network<in_a_loop, shape<6, 9>> {};
TEST(conversions, in_a_loop) { expect_agreement<loops, float, 2>(numbers(2 * 54)); }

TEST(conversions, in_a_stream) {
    static model<loops, backend::scalar> whole;
    static model<loops, backend::simd, streaming> stream;
    const std::vector<float> x = numbers(54);
    const auto y = whole(x);
    for (std::size_t t = 0; t < 6; ++t) {
        const auto now =
            stream(std::vector<float>(x.begin() + static_cast<long>(t) * 9, x.begin() + static_cast<long>(t + 1) * 9));
        for (std::size_t i = 0; i < 9; ++i) EXPECT_TRUE(same(now[i], y[t * 9 + i])) << t << " " << i;
    }
}

// --- while compiling

inline constexpr auto few = [](value x) {
    return values{to_real(quantise<int8>(relu(x * 3), 0.5, -3)), to_real(cast<float16>(x)) * 2,
                  to_real(quantise<int32>(x, 0.5))};
};
struct of_few : network<few, shape<5>> {};
constexpr auto while_compiling = [] {
    struct numbers_of {
        float y[15];
    } r{};
    const float x[] = {0.1F, -3, 400, 0.75F, 1e-7F};
    model<of_few, backend::scalar> m;
    m(x);
    for (std::size_t i = 0; i < 5; ++i) {
        for (int k = 0; k < 3; ++k) r.y[static_cast<std::size_t>(k) * 5 + i] = m.output(k)[i];
    }
    return r;
}();
TEST(conversions, are_those_of_compiling) {
    static model<of_few, backend::simd> m;
    m(std::vector<float>{0.1F, -3, 400, 0.75F, 1e-7F});
    for (std::size_t i = 0; i < 5; ++i) {
        for (int k = 0; k < 3; ++k) EXPECT_EQ(m.output(k)[i], while_compiling.y[static_cast<std::size_t>(k) * 5 + i]);
    }
}

}  // namespace
