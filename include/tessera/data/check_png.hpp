// check_png: whether a PNG file is whole and undamaged.
//
// A decoder may take damaged chunks as they come and stop anywhere; this walks over all of them: every chunk within the
// file, every checksum right, IEND last and nothing behind it.
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

inline constexpr std::string_view png_magic{"\x89PNG\r\n\x1A\n", 8};

inline void check_png(std::span<const std::byte> file, const std::string& name) {
    byte_reader reader(file, name, std::endian::big);
    if (reader.take_text(8, "the magic bytes of a PNG") != png_magic)
        throw error(reader.place(0), "the magic bytes of a PNG", "others");
    for (bool ended = false; !ended;) {
        const auto length = reader.read<std::uint32_t>("the length of a chunk");
        const std::size_t start = reader.offset();
        ended = reader.take_text(4, "the type of a chunk") == "IEND";
        reader.take(length, "a chunk");
        const std::span<const std::byte> covered = file.subspan(start, std::size_t{length} + 4);
        const auto actual = crc32_z(0, reinterpret_cast<const Bytef*>(covered.data()), covered.size());
        if (reader.read<std::uint32_t>("a checksum") != actual)
            throw error(reader.place(start), "a chunk whose checksum is right", "a damaged one");
    }
    reader.expect_end();
}

}  // namespace tessera
