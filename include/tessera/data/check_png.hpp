// check_png: whether a PNG file is whole and undamaged.
//
// A decoder may take damaged chunks as they come and stop anywhere; this walks over all of them: every chunk within the
// file, every checksum right, IEND last. What stands after it is no part of the picture, and left out. The orientation
// is that of an eXIf chunk.
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
#include <tessera/data/exif_orientation.hpp>
#include <tessera/data/picture_content.hpp>
#include <tessera/error/error.hpp>

namespace tessera::detail {

inline constexpr std::string_view png_magic{"\x89PNG\r\n\x1A\n", 8};

inline picture_content check_png(std::span<const std::byte> file, const std::string& name) {
    byte_reader reader(file, name, std::endian::big);
    if (reader.take_text(8, "the magic bytes of a PNG") != png_magic)
        throw error(reader.place(0), "the magic bytes of a PNG", "others");
    picture_content content;
    for (bool ended = false; !ended;) {
        const auto length = reader.read<std::uint32_t>("the length of a chunk");
        const std::size_t start = reader.offset();
        const std::string_view type = reader.take_text(4, "the type of a chunk");
        ended = type == "IEND";
        const std::span<const std::byte> chunk = reader.take(length, "a chunk");
        if (type == "eXIf") content.orientation = exif_orientation(chunk);
        const std::span<const std::byte> covered = file.subspan(start, std::size_t{length} + 4);
        const auto actual = crc32_z(0, reinterpret_cast<const Bytef*>(covered.data()), covered.size());
        if (reader.read<std::uint32_t>("a checksum") != actual)
            throw error(reader.place(start), "a chunk whose checksum is right", "a damaged one");
    }
    content.bytes = file.first(reader.offset());
    return content;
}

}  // namespace tessera::detail
