// Numbers of two widths in one program: what is computed in float64 within a program of float, and in float32 within one
// of double, is what a program of that type computes; on both backends.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <tessera/summary.hpp>
#include <tessera/train/gradient_check.hpp>
#include <tessera/train/gradients_of.hpp>
#include <vector>

#include "../../network_facts.hpp"
#include "../../numbers.hpp"

namespace {

using namespace tessera;

template <class Backend> struct cast_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(cast_on, backends);

// --- what it is for

// 1e8 and what is far below it: float has 24 bits
inline constexpr auto cancelled = [](value x) { return sum(x + 1e8) - 1e8 * x.extent(0); };
inline constexpr auto in_wide = [](value x) { return cast<real>(cancelled(cast<float64>(x))); };
struct wrong : network<cancelled, shape<1000>> {};
struct right : network<in_wide, shape<1000>> {};
TYPED_TEST(cast_on, a_sum_that_float_gets_wrong) {
    static model<wrong, TypeParam> narrow;
    static model<right, TypeParam> wide;
    const std::vector<float> x(1000, 0.5f);
    EXPECT_EQ(wide(x)[0], 500.0f);
    EXPECT_GT(std::abs(narrow(x)[0] - 500.0f), 400.0f);
}
constexpr bool while_compiling() {
    model<right, backend::scalar> m;
    float x[1000] = {};
    for (float& number : x) number = 0.5f;
    return m(x)[0] == 500.0f;
}
static_assert(while_compiling());

// --- chains of loops around casts, and whole numbers

inline constexpr auto to_and_fro = [](value x) {  // (37)
    const value a = relu(x * 3 + 1), b = tanh(cast<float64>(a) * 0.1) + 1e-9, c = cast<real>(b) * a;
    return values{c + cast<real>(b - 1e-9), b, cast<float64>(c) - b};
};
struct chain : network<to_and_fro, shape<37>> {};
TYPED_TEST(cast_on, loops_end_at_a_cast_and_go_on) {
    static model<chain, TypeParam, batch<2>> m;
    const std::vector<float> x = sixteenths(74);
    m(x);
    for (std::size_t i = 0; i < x.size(); ++i) {
        const float a = std::max(x[i] * 3 + 1, 0.0f);
        const double b = std::tanh(static_cast<double>(a) * 0.1) + 1e-9;
        const float c = static_cast<float>(b) * a;
        EXPECT_NEAR(m.template result<0>()[i], c + static_cast<float>(b - 1e-9), 2e-6f);
        EXPECT_NEAR(m.template result<1>()[i], b, 1e-15);
        EXPECT_NEAR(
            m.template result<2>()[i],
            static_cast<double>(m.template result<0>()[i]) - static_cast<double>(static_cast<float>(b - 1e-9)) - b,
            2e-6);
    }
}
static_assert(program<chain, backend::simd>::runs_natively);

inline constexpr auto whole = [](value x) {  // (4), int32
    return values{cast<float64>(x) * 0.5, to_index(cast<float64>(x) * 0.5, 1 << 30), cast<float64>(to_real(x))};
};
struct whole_numbers : network<whole, in<"x", shape<4>, int32>> {};
TYPED_TEST(cast_on, whole_numbers_keep_their_bits) {
    static model<whole_numbers, TypeParam> m;
    const std::vector<std::int32_t> x{16777217, -3, 2147483647, 1000000001};
    m(x);
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(m.template result<0>()[i], x[i] * 0.5);
        EXPECT_EQ(m.template result<1>()[i], std::max(0, static_cast<int>(std::min(x[i] * 0.5, (1 << 30) - 1.0))));
        EXPECT_EQ(m.template result<2>()[i], static_cast<double>(static_cast<float>(x[i])));
    }
}
inline constexpr auto bytes_widened = [](value x) { return cast<float64>(x) * 0.1; };
struct of_bytes : network<bytes_widened, in<"x", shape<5>, uint8>> {};
TYPED_TEST(cast_on, bytes) {
    static model<of_bytes, TypeParam> m;
    const std::vector<std::uint8_t> x{0, 1, 100, 254, 255};
    const auto y = m(x);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(y[i], x[i] * 0.1);
}

// --- inputs and outputs

inline constexpr auto from_input = [](const values& x) {
    const value wide = x[0] - 1e9;
    return values{wide, cast<real>(wide) + x[1], arg_max(wide), wide * 2};
};
struct inputs : network<from_input, in<"at", shape<3>, float64>, in<"by", shape<3>>> {};
TYPED_TEST(cast_on, an_input_of_a_width) {
    static model<inputs, TypeParam, batch<2>> m;
    const std::vector<double> at{1e9 + 0.5, 1e9, 1e9 + 2, 1e9 - 1, 1e9 + 1, 1e9};
    const std::vector<float> by{1, 2, 3, 4, 5, 6};
    const auto y = m(at, by);
    for (std::size_t i = 0; i < 6; ++i) {
        EXPECT_EQ(y[i], at[i] - 1e9);
        EXPECT_EQ(m.output(1)[i], static_cast<float>(at[i] - 1e9) + by[i]);
        EXPECT_EQ(m.template result<3>()[i], 2 * (at[i] - 1e9));
    }
    EXPECT_EQ(m.index_output(2)[0], 2);
    EXPECT_EQ(m.index_output(2)[1], 1);
    static model<inputs, TypeParam, batch<2>, double> d;
    const auto z = d(at, std::vector<double>(by.begin(), by.end()));
    for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(z[i], y[i]);
}
inline constexpr auto unchanged = [](value x) { return x; };
struct handed_on : network<unchanged, in<"x", shape<3>, float64>> {};
TYPED_TEST(cast_on, an_input_that_is_an_output) {
    static model<handed_on, TypeParam> m;
    const std::vector<double> x{0.1, 1e300, -3};
    const auto y = m(x);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(y[i], x[i]);
}

// --- constants

inline constexpr auto tables = [](value x) {
    const value table = cast<float64>(constant({0.1, 0.2, 0.3}, {3}).with(x));
    const value large = cast<float64>(iota(5000, 0, 0.1).with(x));
    return values{table * 3, cast<real>(table), cast<float64>(x) + table, slice(large, 0, 4997, 3) * 1};
};
struct of_constants : network<tables, shape<3>> {};
TYPED_TEST(cast_on, constants_are_what_was_written) {
    static model<of_constants, TypeParam> m;
    m(std::vector<float>{1, 2, 3});
    const double table[] = {0.1, 0.2, 0.3};
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(m.template result<0>()[i], table[i] * 3);
        EXPECT_EQ(m.template result<1>()[i], static_cast<float>(table[i]));
        EXPECT_EQ(m.template result<2>()[i], static_cast<double>(i + 1) + table[i]);
        EXPECT_EQ(m.template result<3>()[i], static_cast<double>(4997 + i) * 0.1);
    }
}
inline constexpr auto rounded = [](value x) { return cast<float32>(constant({0.1}, {1}).with(x)) * 1; };
struct of_rounded : network<rounded, shape<1>> {};
TYPED_TEST(cast_on, a_constant_of_float32_is_rounded) {
    static model<of_rounded, TypeParam, double> m;
    EXPECT_EQ(m(std::vector<double>{0})[0], 0.1f);
}

// --- states

inline constexpr auto counts = [](value x) {  // (2)
    const value total = state<float64>("total", {2}, 0.1).with(x);
    const value calls = state("calls", {}).with(x);
    const value now = total + batch_sum(cast<float64>(x));
    update(total, now);
    update(calls, calls + 1);
    return values{now, cast<real>(now - total), calls};
};
struct counting : network<counts, shape<2>> {};
TYPED_TEST(cast_on, a_state_of_a_width) {
    static model<counting, TypeParam, batch<3>> m;
    const auto start = std::as_const(m).template state<float64>("total");
    ASSERT_EQ(start.size(), 2u);
    EXPECT_EQ(start[1], 0.1);
    double sum = 0.1;
    for (const float x : {1e9f, 0.25f, 3.0f}) {
        const auto now = m(std::vector<float>{x, 1, x, 1});
        sum += 2 * static_cast<double>(x);
        EXPECT_EQ(now[0], sum);
        EXPECT_EQ(m.output(1)[0], static_cast<float>(2 * static_cast<double>(x)));
        EXPECT_EQ(m.template state<float64>("total")[0], sum);
    }
    EXPECT_EQ(m.state("calls")[0], 3);
    m.template state<float64>("total")[1] = 5;
    EXPECT_EQ(m(std::vector<float>{0, 1})[1], 6);
    m.reset();
    EXPECT_EQ(m.template state<float64>("total")[0], 0.1);
    static model<counting, TypeParam, batch<3>, double> d;
    EXPECT_EQ(d(std::vector<double>{1, 2})[0], 1.1);
    EXPECT_EQ(d.template state<float64>("total")[0], 1.1);
}

inline constexpr auto running = [](value x) {  // (T, 2): means of all so far
    return scan([](value h, value now) { return h + cast<float64>(now); }, cast<float64>(constant({0, 0}, {2}).with(x)),
                x);
};
struct sums_of_frames : network<running, shape<6, 2>> {};
TYPED_TEST(cast_on, a_stream_keeps_its_carry_in_float64) {
    static model<sums_of_frames, TypeParam> all;
    static model<sums_of_frames, TypeParam, streaming, batch<2>> live;
    const std::vector<float> x{1e9f, 0.25f, 0.5f, 1e8f, 1, 2, 3, 4, 0.125f, 5, 6, 7};
    const auto whole_sums = all(x);
    for (std::size_t t = 0; t < 6; ++t) {
        const auto y = live(std::vector<float>{x[2 * t], x[2 * t + 1], 1, 1});
        EXPECT_EQ(y(0, 0, 0), whole_sums(static_cast<int>(t), 0));
        EXPECT_EQ(y(0, 0, 1), whole_sums(static_cast<int>(t), 1));
        EXPECT_EQ(y(1, 0, 0), static_cast<double>(t + 1));
    }
    EXPECT_EQ(whole_sums(5, 0), 1e9 + 0.5 + 1 + 3 + 0.125 + 6);
    live.reset(1);
    const auto y = live(std::vector<float>{0, 0, 7, 8});
    EXPECT_EQ(y(0, 0, 0), whole_sums(5, 0));
    EXPECT_EQ(y(1, 0, 1), 8);
}

// --- gradients

inline constexpr auto weighed = [](value x) {  // (6): through float64 and back
    const value w = cast<float64>(parameter("w", {6}, initial::constant(0.75)).with(x));
    const value wide = cast<float64>(x) * w, h = scan([](value s, value now) { return tanh(s + now); },
                                                      cast<float64>(constant({0}, {1}).with(x)), reshape(wide, {6, 1}));
    return values{softmax(cast<real>(wide)) + x, sum(h) + 1e-3 * max(wide)};
};
struct weighed_network : network<weighed, shape<6>> {};
TEST(cast, gradients_are_those_of_differences) {
    const auto result = gradient_check<weighed_network>();
    EXPECT_LT(result.error, 1e-6) << result.where << " " << result.index;
    EXPECT_GE(result.checked, 12);
}
template <class Backend, class Real> auto gradients_in() {
    static model<weighed_network, Backend, batch<2>, Real, gradients_of<weighted_outputs>> m;
    std::vector<Real> x, w;
    for (int i = 0; i < 12; ++i) x.push_back(Real(i % 5) / 4 - Real(0.5));
    for (int i = 0; i < 12; ++i) w.push_back(Real(i) / 8);
    m(x, w, std::vector<double>{1.5, -0.5});
    const auto d = m.gradient();
    return std::vector<double>(d.begin(), d.end());
}
TYPED_TEST(cast_on, gradients_in_float_are_those_in_double) {
    const auto narrow = gradients_in<TypeParam, float>(), wide = gradients_in<TypeParam, double>();
    ASSERT_EQ(narrow.size(), 12u);
    for (std::size_t i = 0; i < 12; ++i) EXPECT_NEAR(narrow[i], wide[i], 1e-6);
}
inline constexpr auto cube = [](value x) { return x * x * x; };
struct cubes : network<cube, in<"x", shape<2>, float64>> {};
TYPED_TEST(cast_on, derivatives_of_float64_are_float64) {
    static model<cubes, TypeParam, gradients_of<weighted_outputs>> m;
    const std::vector<double> x{0.1, 1e100}, w{1, 1e-100};
    m(x, w);
    const auto d = m.template gradient<0>();
    static_assert(std::is_same_v<decltype(d), const output_view<double>>);
    EXPECT_NEAR(d[0], 3 * 0.1 * 0.1, 1e-16);
    EXPECT_NEAR(d[1], 3e100, 1e85);
}

// --- memory and words

struct accumulates : network<[](value x) { return sum(cast<float64>(x) * 2, last); }, shape<16, 64>> {};
static_assert(model<accumulates, backend::scalar>::workspace_bytes == 16 * 64 * 8 + 16 * 8);  // doubles
static_assert(program<accumulates, backend::simd>::runs_natively);
static_assert(model<counting, backend::scalar>::state_bytes == 2 * 64);

TEST(cast, has_a_name_in_summaries_and_plans) {
    const std::string text = plan_table<program<accumulates, backend::simd>>();
    EXPECT_NE(text.find("cast"), std::string::npos) << text;
    EXPECT_NE(text.find("8,192"), std::string::npos) << text;  // bytes of 16 x 64 doubles
}

}  // namespace
