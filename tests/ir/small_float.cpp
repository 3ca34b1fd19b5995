#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <tessera/ir/small_float.hpp>

namespace {

using tessera::detail::bfloat16_format;
using tessera::detail::float16_format;

// The value of a pattern from the definition of the formats, without any of the code under test.
double defined_value(std::uint16_t bits, int exponent_bits, int fraction_bits) {
    const int bias = (1 << (exponent_bits - 1)) - 1;
    const int exponent = (bits & 0x7fff) >> fraction_bits;
    const int fraction = bits & ((1 << fraction_bits) - 1);
    const double sign = bits & 0x8000 ? -1 : 1;
    if (exponent == 0) return sign * std::ldexp(fraction, 1 - bias - fraction_bits);
    return sign * std::ldexp(fraction + (1 << fraction_bits), exponent - bias - fraction_bits);
}

template <class Format> void check_every_pattern(int exponent_bits, int fraction_bits) {
    for (std::uint32_t pattern = 0; pattern <= 0xffff; ++pattern) {
        const auto bits = static_cast<std::uint16_t>(pattern);
        const float value = Format::decode(bits);
        const int magnitude = bits & 0x7fff;
        if (magnitude < Format::infinity) {
            ASSERT_EQ(static_cast<double>(value), defined_value(bits, exponent_bits, fraction_bits)) << bits;
            ASSERT_EQ(std::signbit(value), (bits & 0x8000) != 0) << bits;
            ASSERT_EQ(Format::encode(static_cast<double>(value)), bits);
        } else {
            ASSERT_EQ(std::isinf(value), magnitude == Format::infinity) << bits;
            ASSERT_EQ(std::isnan(value), magnitude != Format::infinity) << bits;
        }
        ASSERT_EQ(Format::encode(value), bits);
    }
}

TEST(small_float, every_float16_pattern_has_its_value_and_comes_back) { check_every_pattern<float16_format>(5, 10); }
TEST(small_float, every_bfloat16_pattern_has_its_value_and_comes_back) { check_every_pattern<bfloat16_format>(8, 7); }

// Between each pair of neighbours: just below the middle, the middle (to even), just above.
template <class Format, class Real> void check_rounding() {
    const Real infinity = std::numeric_limits<Real>::infinity();
    for (std::uint16_t low = 0; low + 1 < Format::infinity; ++low) {
        const auto high = static_cast<std::uint16_t>(low + 1);
        const Real a = Format::decode(low), b = Format::decode(high);
        const Real middle = a + (b - a) / 2;
        if (middle == a || middle == b) continue;  // below the last unit of Real
        const auto even = low % 2 == 0 ? low : high;
        ASSERT_EQ(Format::encode(middle), even) << low;
        ASSERT_EQ(Format::encode(-middle), even | 0x8000) << low;
        ASSERT_EQ(Format::encode(std::nextafter(middle, Real(0))), low);
        ASSERT_EQ(Format::encode(std::nextafter(middle, infinity)), high);
    }
}

TEST(small_float, rounds_to_nearest_with_ties_to_even) {
    check_rounding<float16_format, float>();
    check_rounding<float16_format, double>();
    check_rounding<bfloat16_format, float>();
    check_rounding<bfloat16_format, double>();
}

TEST(small_float, rounds_a_double_once) {
    // 1 + 2^-11 is a tie for float16_format; the bit at 2^-40 breaks it, but a detour by float would lose that bit.
    EXPECT_EQ(float16_format::encode(1 + std::ldexp(1.0, -11) + std::ldexp(1.0, -40)), 0x3c01);
    EXPECT_EQ(float16_format::encode(1 + std::ldexp(1.0, -11)), 0x3c00);
}

TEST(small_float, becomes_infinite_from_half_a_unit_above_the_largest) {
    EXPECT_EQ(float16_format::encode(65504.0f), 0x7bff);
    EXPECT_EQ(float16_format::encode(std::nextafter(65520.0f, 0.0f)), 0x7bff);
    EXPECT_EQ(float16_format::encode(65520.0f), 0x7c00);
    EXPECT_EQ(float16_format::encode(-1e300), 0xfc00);
    EXPECT_EQ(bfloat16_format::encode(std::numeric_limits<float>::max()), 0x7f80);
    EXPECT_EQ(bfloat16_format::encode(-std::numeric_limits<double>::infinity()), 0xff80);
}

TEST(small_float, vanishes_below_half_the_smallest) {
    EXPECT_EQ(float16_format::encode(std::ldexp(1.0f, -24)), 1);
    EXPECT_EQ(float16_format::encode(std::ldexp(1.0f, -25)), 0);
    EXPECT_EQ(float16_format::encode(std::ldexp(1.5f, -25)), 1);
    EXPECT_EQ(float16_format::encode(-std::numeric_limits<double>::denorm_min()), 0x8000);
    EXPECT_EQ(bfloat16_format::encode(std::numeric_limits<double>::min()), 0);
}

TEST(small_float, a_nan_stays_a_nan) {
    const float low_payload = std::bit_cast<float>(0xff800001u);  // would be infinite if cut
    EXPECT_EQ(float16_format::encode(low_payload), 0xfe00);
    EXPECT_EQ(bfloat16_format::encode(low_payload), 0xffc0);
}

static_assert(float16_format::decode(float16_format::encode(0.5)) == 0.5f);

}  // namespace
