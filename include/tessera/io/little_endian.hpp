// load_little, store_little: numbers in little-endian bytes, whatever the order of the machine and the alignment of
// the bytes.
#pragma once
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>

namespace tessera {

namespace detail {

template <std::size_t Bytes> struct unsigned_of;
template <> struct unsigned_of<1> {
    using type = std::uint8_t;
};
template <> struct unsigned_of<2> {
    using type = std::uint16_t;
};
template <> struct unsigned_of<4> {
    using type = std::uint32_t;
};
template <> struct unsigned_of<8> {
    using type = std::uint64_t;
};

template <class Number> constexpr Number load_little(const std::byte* bytes) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i) bits |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
    return std::bit_cast<Number>(static_cast<typename detail::unsigned_of<sizeof(Number)>::type>(bits));
}

template <class Number> constexpr void store_little(Number number, std::byte* bytes) {
    const std::uint64_t bits = std::bit_cast<typename detail::unsigned_of<sizeof(Number)>::type>(number);
    for (std::size_t i = 0; i < sizeof(Number); ++i) bytes[i] = static_cast<std::byte>(bits >> (8 * i));
}

}  // namespace detail

}  // namespace tessera
