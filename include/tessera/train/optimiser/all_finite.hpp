// all_finite: whether no element is NaN or infinite.
//
// Cost        a look at every element's exponent; an early end would cost more than it saves.
// Errors      none. Whole numbers are compared, so that options such as -ffast-math change nothing.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace tessera {

template <class T> constexpr bool all_finite(std::span<const T> list) noexcept {
    using bits = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
    constexpr bits exponent = sizeof(T) == 8 ? static_cast<bits>(0x7ff0'0000'0000'0000) : bits{0x7f80'0000};
    const T* x = list.data();
    const std::size_t count = list.size();
    bits found = 0;  // all ones where any was
    for (std::size_t i = 0; i < count; ++i)
        found |= static_cast<bits>(-static_cast<bits>((std::bit_cast<bits>(x[i]) & exponent) == exponent));
    return found == 0;
}

}  // namespace tessera
