// load_bytes, store_bytes: numbers in a stated byte order, at any alignment.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>
#include <type_traits>

namespace tessera::detail {

template <class Number>
    requires std::is_arithmetic_v<Number>
Number load_bytes(const std::byte* from, std::endian order) {
    std::array<std::byte, sizeof(Number)> bytes;
    std::memcpy(bytes.data(), from, bytes.size());
    if (order != std::endian::native) std::reverse(bytes.begin(), bytes.end());
    return std::bit_cast<Number>(bytes);
}

template <class Number>
    requires std::is_arithmetic_v<Number>
void store_bytes(Number number, std::byte* to, std::endian order) {
    auto bytes = std::bit_cast<std::array<std::byte, sizeof(Number)>>(number);
    if (order != std::endian::native) std::reverse(bytes.begin(), bytes.end());
    std::memcpy(to, bytes.data(), bytes.size());
}

}  // namespace tessera::detail
