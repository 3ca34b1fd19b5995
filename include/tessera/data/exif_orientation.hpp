// exif_orientation: how the camera was held, from the TIFF block of EXIF data: 1 as stored, 2 to 8 turned or mirrored.
//
// 1 where the block says nothing, or is damaged: the picture can be read without it.
// Source  CIPA DC-008, "Exif 2.32", 4.6.4.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tessera/data/byte_order.hpp>

namespace tessera::detail {

inline int exif_orientation(std::span<const std::byte> tiff) {
    constexpr std::uint16_t orientation_tag = 0x0112, short_type = 3;
    if (tiff.size() < 8) return 1;
    const std::string_view magic(reinterpret_cast<const char*>(tiff.data()), 4);
    const bool little = magic == std::string_view("II*\0", 4);
    if (!little && magic != std::string_view("MM\0*", 4)) return 1;
    const std::endian order = little ? std::endian::little : std::endian::big;
    const auto u16 = [&](std::size_t at) { return load_bytes<std::uint16_t>(tiff.data() + at, order); };
    const std::size_t start = load_bytes<std::uint32_t>(tiff.data() + 4, order);
    if (start > tiff.size() - 2) return 1;
    const std::size_t entries = u16(start);
    for (std::size_t i = 0, at = start + 2; i < entries && tiff.size() - at >= 12; ++i, at += 12) {
        if (u16(at) != orientation_tag || u16(at + 2) != short_type) continue;
        const int found = u16(at + 8);
        return found >= 1 && found <= 8 ? found : 1;
    }
    return 1;
}

}  // namespace tessera::detail
