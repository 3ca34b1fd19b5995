// Element conversion between the types of a file and float or double.
//
//   copy_as_float(entry, out)           entry (n elements of any type) -> out (n)
//   encode_floats(values, type, bytes)  values (n) -> bytes (n * byte_size(type)) of F64, F32, F16, BF16 or I8
//   encode_floats(values, type)         the same, into a new buffer
//
// Rounding  to nearest, ties to even, once. Floats beyond the largest number of the target become infinite.
// Booleans  0 and 1; any other byte than 0 reads as 1.
// I8        the plain number, without a scale: values are rounded to the nearest integer (ties to even) and saturate
//           at -128 and 127. A quantised tensor has its scale beside it, and the caller divides by it first.
// Errors    tessera::error: sizes that do not match, a type that cannot be encoded to, NaN for I8.
#pragma once
#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <tessera/error/error.hpp>
#include <tessera/io/little_endian.hpp>
#include <tessera/io/rounded_float.hpp>
#include <tessera/io/safetensors/dtype.hpp>
#include <tessera/io/safetensors/tensor_entry.hpp>
#include <tessera/ir/small_float.hpp>
#include <type_traits>
#include <vector>

namespace tessera {

namespace detail {

template <class Stored, class Real> void load_each(std::span<const std::byte> bytes, std::span<Real> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = static_cast<Real>(load_little<Stored>(bytes.data() + i * sizeof(Stored)));
    }
}

template <class Format, class Real> void decode_each(std::span<const std::byte> bytes, std::span<Real> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = static_cast<Real>(Format::decode(load_little<std::uint16_t>(bytes.data() + 2 * i)));
    }
}

template <class Real> std::int8_t rounded_i8(Real x) {
    // Independent of the processor's rounding mode.
    const Real limited = std::clamp(x, Real(-128), Real(127));
    const Real below = std::floor(limited);
    const Real rest = limited - below;
    const auto whole = static_cast<int>(below);
    const bool up = rest > Real(0.5) || (rest == Real(0.5) && whole % 2 != 0);
    return static_cast<std::int8_t>(whole + (up ? 1 : 0));
}

template <class Real, class Convert>
void store_each(std::span<const Real> values, std::span<std::byte> bytes, Convert convert) {
    using stored = decltype(convert(Real{}));
    for (std::size_t i = 0; i < values.size(); ++i) store_little(convert(values[i]), bytes.data() + i * sizeof(stored));
}

template <std::floating_point Real> void copy_as_float(const tensor_entry& entry, std::span<Real> out) {
    if (entry.bytes.size() != out.size() * byte_size(entry.type)) {
        throw error("tensor '" + entry.name + "'", std::to_string(out.size()) + " elements",
                    std::to_string(entry.size()));
    }
    switch (entry.type) {
        case dtype::boolean:
            std::ranges::transform(entry.bytes, out.begin(), [](std::byte b) { return Real(b != std::byte{0}); });
            return;
        case dtype::u8: return detail::load_each<std::uint8_t>(entry.bytes, out);
        case dtype::i8: return detail::load_each<std::int8_t>(entry.bytes, out);
        case dtype::i16: return detail::load_each<std::int16_t>(entry.bytes, out);
        case dtype::u16: return detail::load_each<std::uint16_t>(entry.bytes, out);
        case dtype::f16: return detail::decode_each<float16_format>(entry.bytes, out);
        case dtype::bf16: return detail::decode_each<bfloat16_format>(entry.bytes, out);
        case dtype::i32: return detail::load_each<std::int32_t>(entry.bytes, out);
        case dtype::u32: return detail::load_each<std::uint32_t>(entry.bytes, out);
        case dtype::f32: return detail::load_each<float>(entry.bytes, out);
        case dtype::i64: return detail::load_each<std::int64_t>(entry.bytes, out);
        case dtype::u64: return detail::load_each<std::uint64_t>(entry.bytes, out);
        case dtype::f64:
            for (std::size_t i = 0; i < out.size(); ++i) {
                const auto x = load_little<double>(entry.bytes.data() + 8 * i);
                if constexpr (std::is_same_v<Real, float>)
                    out[i] = detail::rounded_float(x);
                else
                    out[i] = x;
            }
            return;
    }
}

template <std::floating_point Real>
void encode_floats(std::span<const Real> values, dtype type, std::span<std::byte> bytes) {
    if (bytes.size() != values.size() * byte_size(type)) {
        throw error("encode_floats", std::to_string(values.size() * byte_size(type)) + " bytes",
                    std::to_string(bytes.size()));
    }
    switch (type) {
        case dtype::f64: return detail::store_each(values, bytes, [](Real x) { return static_cast<double>(x); });
        case dtype::f32: return detail::store_each(values, bytes, [](Real x) { return detail::rounded_float(x); });
        case dtype::f16: return detail::store_each(values, bytes, [](Real x) { return float16_format::encode(x); });
        case dtype::bf16: return detail::store_each(values, bytes, [](Real x) { return bfloat16_format::encode(x); });
        case dtype::i8: {
            const auto nan = std::ranges::find_if(values, [](Real x) { return std::isnan(x); });
            if (nan != values.end()) {
                throw error("encode_floats: element " + std::to_string(nan - values.begin()), "a number for I8", "NaN");
            }
            return detail::store_each(values, bytes, [](Real x) { return detail::rounded_i8(x); });
        }
        default: throw error("encode_floats", "F64, F32, F16, BF16 or I8", std::string(name_of(type)));
    }
}

template <std::floating_point Real> std::vector<std::byte> encode_floats(std::span<const Real> values, dtype type) {
    std::vector<std::byte> bytes(values.size() * byte_size(type));
    detail::encode_floats(values, type, std::span(bytes));
    return bytes;
}

}  // namespace detail

}  // namespace tessera
