// check_bmp: whether all rows of an uncompressed BMP picture lie within its file.
//
// A decoder may fill the missing ones with black.
//
// Errors  tessera::error with file and byte offset; headers of fewer than 40 bytes (OS/2) are refused.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tessera/data/byte_reader.hpp>
#include <tessera/error/error.hpp>

namespace tessera::detail {

inline constexpr std::string_view bmp_magic = "BM";

inline void check_bmp(std::span<const std::byte> file, const std::string& name) {
    byte_reader reader(file, name);
    if (reader.take_text(2, "the magic bytes of a BMP") != bmp_magic)
        throw error(reader.place(0), "the magic bytes of a BMP", "others");
    reader.take(8, "the header of a BMP");
    const auto offset = reader.read<std::uint32_t>("the offset of the rows");
    const auto header = reader.read<std::uint32_t>("the size of a header");
    if (header < 40) throw error(reader.place(14), "a header of at least 40 bytes", std::to_string(header));
    const std::int64_t width = reader.read<std::int32_t>("a width");
    const std::int64_t height = reader.read<std::int32_t>("a height");
    reader.take(2, "planes");
    const auto bits = reader.read<std::uint16_t>("bits a pixel");
    if (width <= 0 || height == 0) throw error(reader.place(18), "a positive width and a height", "none");
    const std::int64_t row = (width * bits + 31) / 32 * 4;
    const std::int64_t rows = height < 0 ? -height : height;
    if (row == 0 || offset > file.size() || rows > static_cast<std::int64_t>(file.size() - offset) / row)
        throw error(
            reader.place(file.size()),
            std::to_string(rows) + " rows of " + std::to_string(row) + " bytes from byte " + std::to_string(offset),
            "the end of the file");
}

}  // namespace tessera::detail
