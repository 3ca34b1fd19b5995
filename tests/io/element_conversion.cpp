#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <tessera/error/error.hpp>
#include <tessera/io/element_conversion.hpp>
#include <vector>

namespace {

using tessera::dtype;

template <class Number> std::vector<std::byte> bytes_of(const std::vector<Number>& numbers) {
    std::vector<std::byte> bytes(numbers.size() * sizeof(Number));
    for (std::size_t i = 0; i < numbers.size(); ++i)
        tessera::detail::store_little(numbers[i], &bytes[i * sizeof(Number)]);
    return bytes;
}

template <class Real> std::vector<Real> as_float(dtype type, const std::vector<std::byte>& bytes) {
    const tessera::tensor_entry entry{
        "t", type, {static_cast<std::int64_t>(bytes.size() / tessera::detail::byte_size(type))}, bytes};
    std::vector<Real> out(entry.size());
    tessera::detail::copy_as_float(entry, std::span(out));
    return out;
}

template <class Real> std::vector<Real> round_trip(const std::vector<Real>& values, dtype type) {
    return as_float<Real>(type, tessera::detail::encode_floats<Real>(values, type));
}

TEST(element_conversion, reads_every_integer_type) {
    using doubles = std::vector<double>;
    EXPECT_EQ(as_float<double>(dtype::u8, bytes_of<std::uint8_t>({0, 255})), (doubles{0, 255}));
    EXPECT_EQ(as_float<double>(dtype::i8, bytes_of<std::int8_t>({-128, 127})), (doubles{-128, 127}));
    EXPECT_EQ(as_float<double>(dtype::i16, bytes_of<std::int16_t>({-32768, 5})), (doubles{-32768, 5}));
    EXPECT_EQ(as_float<double>(dtype::u16, bytes_of<std::uint16_t>({65535})), (doubles{65535}));
    EXPECT_EQ(as_float<double>(dtype::i32, bytes_of<std::int32_t>({-2147483647 - 1, 9})), (doubles{-2147483648.0, 9}));
    EXPECT_EQ(as_float<double>(dtype::u32, bytes_of<std::uint32_t>({4294967295u})), (doubles{4294967295.0}));
    EXPECT_EQ(as_float<double>(dtype::i64, bytes_of<std::int64_t>({-3, 1LL << 40})), (doubles{-3, 1099511627776.0}));
    EXPECT_EQ(as_float<double>(dtype::u64, bytes_of<std::uint64_t>({1ULL << 63})), (doubles{9223372036854775808.0}));
}

TEST(element_conversion, reads_booleans_as_zero_and_one) {
    EXPECT_EQ(as_float<float>(dtype::boolean, bytes_of<std::uint8_t>({0, 1, 7})), (std::vector<float>{0, 1, 1}));
}

TEST(element_conversion, float_types_round_trip_what_they_can_hold) {
    const std::vector<float> values{0.0f, -1.5f, 0.099975586f, 65504.0f};
    EXPECT_EQ(round_trip(values, dtype::f16), values);
    EXPECT_EQ(round_trip(values, dtype::f32), values);
    EXPECT_EQ(round_trip(values, dtype::f64), values);
    const std::vector<double> exact{0.1, -1e300};
    EXPECT_EQ(round_trip(exact, dtype::f64), exact);
    // One part in 256 is half a unit of bfloat16 at one: ties to even go down here and up at the next number.
    EXPECT_EQ(round_trip<double>({1 + 1.0 / 256, 1 + 3.0 / 256}, dtype::bf16), (std::vector<double>{1, 1 + 4.0 / 256}));
}

TEST(element_conversion, a_double_beyond_float_is_infinite) {
    const double largest = std::numeric_limits<float>::max(), infinity = std::numeric_limits<double>::infinity();
    const double half_unit = std::ldexp(1.0, 103);
    EXPECT_EQ(
        round_trip<double>({1e39, -1e39, largest + half_unit, std::nextafter(largest + half_unit, 0.0)}, dtype::f32),
        (std::vector<double>{infinity, -infinity, infinity, largest}));
    EXPECT_EQ(as_float<float>(dtype::f64, bytes_of<double>({-1e39, 0.5})),
              (std::vector<float>{-std::numeric_limits<float>::infinity(), 0.5f}));
}

TEST(element_conversion, i8_rounds_to_even_and_saturates) {
    const std::vector<float> values{
        0.5f,         1.5f,   2.5f,   -0.5f, -1.5f,   -2.5f, 0.49999997f,
        -0.49999997f, 126.5f, 127.5f, 1e9f,  -128.5f, -1e9f, -std::numeric_limits<float>::infinity()};
    const std::vector<float> wanted{0, 2, 2, 0, -2, -2, 0, 0, 126, 127, 127, -128, -128, -128};
    EXPECT_EQ(round_trip(values, dtype::i8), wanted);
}

TEST(element_conversion, i8_refuses_nan_and_leaves_the_bytes) {
    const std::vector<float> values{1.0f, std::nanf("")};
    std::array<std::byte, 2> bytes{std::byte{9}, std::byte{9}};
    try {
        tessera::detail::encode_floats<float>(values, dtype::i8, bytes);
        FAIL();
    } catch (const tessera::error& e) {
        EXPECT_STREQ(e.what(), "encode_floats: element 1: expected a number for I8, found NaN");
    }
    EXPECT_EQ(bytes[0], std::byte{9});
}

TEST(element_conversion, refuses_sizes_that_do_not_match) {
    const std::vector<float> values(3);
    std::vector<std::byte> bytes(11);
    EXPECT_THROW(tessera::detail::encode_floats<float>(values, dtype::f32, bytes), tessera::error);
    EXPECT_THROW(tessera::detail::encode_floats<float>(values, dtype::i64), tessera::error);
    const tessera::tensor_entry entry{"t", dtype::u8, {11}, bytes};
    std::vector<float> out(10);
    EXPECT_THROW(tessera::detail::copy_as_float(entry, std::span(out)), tessera::error);
}

TEST(element_conversion, bytes_are_little_endian) {
    const std::vector<float> one{1.0f};
    EXPECT_EQ(tessera::detail::encode_floats<float>(one, dtype::f32),
              (std::vector<std::byte>{std::byte{0}, std::byte{0}, std::byte{0x80}, std::byte{0x3f}}));
}

}  // namespace
