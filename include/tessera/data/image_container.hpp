// check_png, check_jpeg, check_bmp: whether the file around a picture is whole.
//
// A decoder may fill what is missing with grey and take what is damaged as it comes; these checks refuse such files
// before it sees them.
//
//   png    every chunk within the file, every checksum right, IEND last and nothing behind it
//   jpeg   the start mark, and the end mark as the last two bytes
//   bmp    all rows within the file
//
// Errors  tessera::error with file and byte offset.
#pragma once
#include <zlib.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tessera/data/byte_reader.hpp>
#include <tessera/error.hpp>

namespace tessera {

namespace image_format {

inline constexpr std::string_view png_magic{"\x89PNG\r\n\x1A\n", 8}, jpeg_magic{"\xFF\xD8\xFF", 3}, bmp_magic{"BM", 2};

inline bool opens_with(std::span<const std::byte> file, std::string_view magic) {
    return file.size() >= magic.size() &&
           std::string_view(reinterpret_cast<const char*>(file.data()), magic.size()) == magic;
}

}  // namespace image_format

inline void check_png(std::span<const std::byte> file, const std::string& name) {
    byte_reader reader(file, name, std::endian::big);
    if (reader.take_text(8, "the magic bytes of a PNG") != image_format::png_magic)
        throw error(reader.place(0), "the magic bytes of a PNG", "others");
    for (bool last = false; !last;) {
        const auto length = reader.read<std::uint32_t>("the length of a chunk");
        const std::size_t start = reader.offset();
        reader.take(4, "the type of a chunk");
        reader.take(length, "a chunk");
        const std::span<const std::byte> covered = file.subspan(start, std::size_t{length} + 4);
        const auto actual = crc32_z(0, reinterpret_cast<const Bytef*>(covered.data()), covered.size());
        if (reader.read<std::uint32_t>("a checksum") != actual)
            throw error(reader.place(start), "a chunk whose checksum is right", "a damaged one");
        last = image_format::opens_with(covered, "IEND");
    }
    reader.expect_end();
}

inline void check_jpeg(std::span<const std::byte> file, const std::string& name) {
    if (!image_format::opens_with(file, image_format::jpeg_magic))
        throw error(name + ", byte 0", "the start mark of a JPEG", "other bytes");
    const std::size_t end = file.size() - 2;
    if (file.size() < 5 || file[end] != std::byte{0xFF} || file[end + 1] != std::byte{0xD9})
        throw error(name + ", byte " + std::to_string(end), "the end mark of a JPEG", "other bytes");
}

inline void check_bmp(std::span<const std::byte> file, const std::string& name) {
    byte_reader reader(file, name);
    if (reader.take_text(2, "the magic bytes of a BMP") != image_format::bmp_magic)
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
    if (offset > file.size() || rows > static_cast<std::int64_t>(file.size() - offset) / (row > 0 ? row : 1))
        throw error(reader.place(file.size()), "rows up to byte " + std::to_string(offset + row * rows),
                    "the end of the file");
}

}  // namespace tessera
