// npy_type: the element types of .npy files that the library reads and writes, and their descr strings.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace tessera {

enum class npy_type { boolean, u8, i8, i16, i32, i64, f32, f64 };

struct npy_type_facts {
    npy_type type;
    std::string_view descr;
    std::size_t bytes;
};

inline constexpr std::array<npy_type_facts, 8> npy_types{{{npy_type::boolean, "|b1", 1},
                                                          {npy_type::u8, "|u1", 1},
                                                          {npy_type::i8, "|i1", 1},
                                                          {npy_type::i16, "<i2", 2},
                                                          {npy_type::i32, "<i4", 4},
                                                          {npy_type::i64, "<i8", 8},
                                                          {npy_type::f32, "<f4", 4},
                                                          {npy_type::f64, "<f8", 8}}};

constexpr const npy_type_facts& facts_of(npy_type type) { return npy_types[static_cast<std::size_t>(type)]; }

// Calls f(T{}) with the C++ type of the elements.
template <class F> constexpr decltype(auto) with_element(npy_type type, F&& f) {
    switch (type) {
        case npy_type::boolean: return f(bool{});
        case npy_type::u8: return f(std::uint8_t{});
        case npy_type::i8: return f(std::int8_t{});
        case npy_type::i16: return f(std::int16_t{});
        case npy_type::i32: return f(std::int32_t{});
        case npy_type::i64: return f(std::int64_t{});
        case npy_type::f32: return f(float{});
        case npy_type::f64: break;
    }
    return f(double{});
}

template <class Element>
concept npy_element =
    std::is_same_v<Element, bool> || std::is_same_v<Element, std::uint8_t> || std::is_same_v<Element, std::int8_t> ||
    std::is_same_v<Element, std::int16_t> || std::is_same_v<Element, std::int32_t> ||
    std::is_same_v<Element, std::int64_t> || std::is_same_v<Element, float> || std::is_same_v<Element, double>;

template <npy_element Element> constexpr npy_type npy_type_of() {
    if constexpr (std::is_same_v<Element, bool>) return npy_type::boolean;
    if constexpr (std::is_same_v<Element, std::uint8_t>) return npy_type::u8;
    if constexpr (std::is_same_v<Element, std::int8_t>) return npy_type::i8;
    if constexpr (std::is_same_v<Element, std::int16_t>) return npy_type::i16;
    if constexpr (std::is_same_v<Element, std::int32_t>) return npy_type::i32;
    if constexpr (std::is_same_v<Element, std::int64_t>) return npy_type::i64;
    if constexpr (std::is_same_v<Element, float>) return npy_type::f32;
    return npy_type::f64;
}

}  // namespace tessera
