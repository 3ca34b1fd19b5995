// npy_type: the element types of .npy files that the library reads and writes, and their descr strings.
//
//   npy_half   an element of f16: its bits, and the number that they are
#pragma once
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tessera/ir/small_float.hpp>
#include <type_traits>

namespace tessera {

namespace detail {

struct npy_half {
    std::uint16_t bits = 0;

    constexpr npy_half() = default;
    template <std::floating_point Real> constexpr explicit npy_half(Real x) : bits(float16_format::encode(x)) {}
    constexpr operator float() const { return float16_format::decode(bits); }
};

}  // namespace detail

enum class npy_type { boolean, u8, i8, u16, i16, u32, i32, u64, i64, f16, f32, f64 };

namespace detail {

struct npy_type_facts {
    npy_type type;
    std::string_view descr;  // as written: little endian
    std::size_t bytes;
};

inline constexpr std::array<npy_type_facts, 12> npy_types{{{npy_type::boolean, "|b1", 1},
                                                           {npy_type::u8, "|u1", 1},
                                                           {npy_type::i8, "|i1", 1},
                                                           {npy_type::u16, "<u2", 2},
                                                           {npy_type::i16, "<i2", 2},
                                                           {npy_type::u32, "<u4", 4},
                                                           {npy_type::i32, "<i4", 4},
                                                           {npy_type::u64, "<u8", 8},
                                                           {npy_type::i64, "<i8", 8},
                                                           {npy_type::f16, "<f2", 2},
                                                           {npy_type::f32, "<f4", 4},
                                                           {npy_type::f64, "<f8", 8}}};

constexpr const npy_type_facts& facts_of(npy_type type) { return npy_types[static_cast<std::size_t>(type)]; }

}  // namespace detail

// Calls f(T{}) with the C++ type of the elements.
template <class F> constexpr decltype(auto) with_element(npy_type type, F&& f) {
    switch (type) {
        case npy_type::boolean: return f(bool{});
        case npy_type::u8: return f(std::uint8_t{});
        case npy_type::i8: return f(std::int8_t{});
        case npy_type::u16: return f(std::uint16_t{});
        case npy_type::i16: return f(std::int16_t{});
        case npy_type::u32: return f(std::uint32_t{});
        case npy_type::i32: return f(std::int32_t{});
        case npy_type::u64: return f(std::uint64_t{});
        case npy_type::i64: return f(std::int64_t{});
        case npy_type::f16: return f(detail::npy_half{});
        case npy_type::f32: return f(float{});
        case npy_type::f64: break;
    }
    return f(double{});
}

namespace detail {

namespace npy_format {

template <class Element, class... List> inline constexpr bool is_among = (std::is_same_v<Element, List> || ...);

}  // namespace npy_format

template <class Element>
concept npy_element =
    npy_format::is_among<Element, bool, std::uint8_t, std::int8_t, std::uint16_t, std::int16_t, std::uint32_t,
                         std::int32_t, std::uint64_t, std::int64_t, npy_half, float, double>;

template <npy_element Element> constexpr npy_type npy_type_of() {
    if constexpr (std::is_same_v<Element, bool>) return npy_type::boolean;
    if constexpr (std::is_same_v<Element, std::uint8_t>) return npy_type::u8;
    if constexpr (std::is_same_v<Element, std::int8_t>) return npy_type::i8;
    if constexpr (std::is_same_v<Element, std::uint16_t>) return npy_type::u16;
    if constexpr (std::is_same_v<Element, std::int16_t>) return npy_type::i16;
    if constexpr (std::is_same_v<Element, std::uint32_t>) return npy_type::u32;
    if constexpr (std::is_same_v<Element, std::int32_t>) return npy_type::i32;
    if constexpr (std::is_same_v<Element, std::uint64_t>) return npy_type::u64;
    if constexpr (std::is_same_v<Element, std::int64_t>) return npy_type::i64;
    if constexpr (std::is_same_v<Element, npy_half>) return npy_type::f16;
    if constexpr (std::is_same_v<Element, float>) return npy_type::f32;
    return npy_type::f64;
}

}  // namespace detail

}  // namespace tessera
