// small_float<ExponentBits, FractionBits>: 16-bit floating-point formats, as bit patterns.
//
//   float16_format   5 exponent bits, 10 fraction bits   IEEE 754 binary16
//   bfloat16_format  8 exponent bits,  7 fraction bits   the upper half of a float
//
// encode  float or double -> bits, to nearest, ties to even, in one rounding (a double is not rounded to float first);
//         beyond the largest number: infinity; a NaN keeps its sign and the upper bits of its payload.
// decode  bits -> float, exact. Every pattern survives encode(decode(bits)), NaNs included.
//
// Integer arithmetic only: the result does not depend on rounding mode or flushing of subnormal numbers.
#pragma once
#include <algorithm>
#include <bit>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace tessera::detail {

template <int ExponentBits, int FractionBits>
    requires(ExponentBits + FractionBits == 15 && ExponentBits <= 8)
struct small_float {
    static constexpr int bias = (1 << (ExponentBits - 1)) - 1;
    static constexpr std::uint16_t infinity = ((1 << ExponentBits) - 1) << FractionBits;

    template <std::floating_point Real> static constexpr std::uint16_t encode(Real x) {
        static_assert(std::numeric_limits<Real>::is_iec559 && sizeof(Real) <= 8, "encode: float or double");
        using bits_type = std::conditional_t<sizeof(Real) == 4, std::uint32_t, std::uint64_t>;
        constexpr int fraction_bits = std::numeric_limits<Real>::digits - 1;
        constexpr int exponent_mask = 2 * std::numeric_limits<Real>::max_exponent - 1;
        const auto bits = std::bit_cast<bits_type>(x);
        const auto sign = static_cast<std::uint16_t>((bits >> (8 * sizeof(Real) - 16)) & 0x8000);
        const std::uint64_t fraction = bits & ((bits_type{1} << fraction_bits) - 1);
        const int exponent = static_cast<int>((bits >> fraction_bits) & static_cast<bits_type>(exponent_mask));
        if (exponent == exponent_mask) return sign | not_finite(fraction, fraction_bits);

        // |x| = significand * 2^(power - fraction_bits)
        const std::uint64_t significand = exponent == 0 ? fraction : fraction | (std::uint64_t{1} << fraction_bits);
        const int power = std::max(exponent, 1) - exponent_mask / 2;
        const int target_power = std::max(power, 1 - bias);
        const std::uint64_t rounded = rounded_shift(significand, fraction_bits - FractionBits + target_power - power);
        // The leading bit of `rounded` adds one to the exponent field; a carry from rounding adds the next one.
        const std::uint64_t encoded = (static_cast<std::uint64_t>(target_power + bias - 1) << FractionBits) + rounded;
        return sign | static_cast<std::uint16_t>(std::min<std::uint64_t>(encoded, infinity));
    }

    static constexpr float decode(std::uint16_t bits) {
        const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000) << 16;
        return std::bit_cast<float>(sign | magnitude_of(bits & 0x7fff));
    }

  private:
    static constexpr std::uint16_t not_finite(std::uint64_t fraction, int fraction_bits) {
        if (fraction == 0) return infinity;
        const auto payload = static_cast<std::uint16_t>(fraction >> (fraction_bits - FractionBits));
        // A NaN whose upper payload is empty would turn into infinity.
        return infinity | (payload != 0 ? payload : static_cast<std::uint16_t>(1 << (FractionBits - 1)));
    }

    static constexpr std::uint64_t rounded_shift(std::uint64_t x, int shift) {
        if (shift > 62) return 0;  // x has at most 53 bits
        const std::uint64_t kept = x >> shift;
        const std::uint64_t rest = x - (kept << shift);
        const std::uint64_t half = std::uint64_t{1} << (shift - 1);
        return kept + (rest > half || (rest == half && kept % 2 == 1) ? 1 : 0);
    }

    // The 31 lower bits of the float of this magnitude.
    static constexpr std::uint32_t magnitude_of(std::uint32_t bits) {
        constexpr int shift = 23 - FractionBits;
        if (bits >= infinity) return 0x7f800000u | ((bits - infinity) << shift);
        if constexpr (ExponentBits == 8) return bits << shift;
        constexpr std::uint32_t rebias = static_cast<std::uint32_t>(127 - bias) << 23;
        if (bits >> FractionBits != 0) return (bits << shift) + rebias;
        if (bits == 0) return 0;
        // Subnormal here, normal as a float: move the leading bit to the implicit place.
        const int lift = FractionBits + 1 - static_cast<int>(std::bit_width(bits));
        const std::uint32_t lifted = (bits << lift) << shift;  // leading bit at 2^23
        return lifted + rebias - (static_cast<std::uint32_t>(lift) << 23);
    }
};

using float16_format = small_float<5, 10>;
using bfloat16_format = small_float<8, 7>;

}  // namespace tessera::detail
