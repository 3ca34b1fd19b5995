// check_jpeg: whether a JPEG file is whole and its tables are within their limits.
//
// A decoder may fill missing data with grey, and an old one trusts the counts in a Huffman table; this walks over all
// segments: every one within the file, every Huffman table of at most 256 codes that exactly fill it, the end mark last
// and nothing behind it.
//
// Errors  tessera::error with file and byte offset.
// Source  ITU-T T.81, annex B.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tessera/data/byte_reader.hpp>
#include <tessera/error.hpp>

namespace tessera {

inline constexpr std::string_view jpeg_magic{"\xFF\xD8\xFF", 3};

namespace jpeg_format {

inline constexpr std::uint8_t huffman_tables = 0xC4, start = 0xD8, end = 0xD9, scan = 0xDA;

inline bool restart(std::uint8_t code) { return code >= 0xD0 && code <= 0xD7; }

// The code of the marker at the reader; any number of 0xFF may stand before it.
inline std::uint8_t marker(byte_reader& reader) {
    if (reader.read<std::uint8_t>("a marker") != 0xFF)
        throw error(reader.place(reader.offset() - 1), "a marker, which opens with 255", "another byte");
    std::uint8_t code = 0xFF;
    while (code == 0xFF) code = reader.read<std::uint8_t>("a marker");
    return code;
}

inline void check_huffman_tables(std::span<const std::byte> segment, const std::string& place) {
    byte_reader reader(segment, place + ", Huffman tables", std::endian::big);
    while (reader.left() > 0) {
        reader.take(1, "the number of a table");
        std::size_t codes = 0;
        for (const std::byte count : reader.take(16, "the counts of a table"))
            codes += std::to_integer<std::size_t>(count);
        if (codes > 256) throw error(reader.place(), "at most 256 codes", std::to_string(codes));
        reader.take(codes, "the codes of a table");
    }
}

// Moves over the coded data of a scan, up to the next marker that is no restart.
inline void skip_scan(byte_reader& reader, std::span<const std::byte> file) {
    for (;;) {
        const std::size_t at = reader.offset();
        const bool coded = at + 1 >= file.size() || file[at] != std::byte{0xFF} || file[at + 1] == std::byte{0} ||
                           restart(std::to_integer<std::uint8_t>(file[at + 1]));
        if (!coded) return;
        reader.take(1, "coded data or a marker");
    }
}

}  // namespace jpeg_format

inline void check_jpeg(std::span<const std::byte> file, const std::string& name) {
    byte_reader reader(file, name, std::endian::big);
    if (jpeg_format::marker(reader) != jpeg_format::start)
        throw error(reader.place(0), "the start mark of a JPEG", "another");
    for (;;) {
        const std::uint8_t code = jpeg_format::marker(reader);
        if (code == jpeg_format::end) return reader.expect_end();
        const std::string place = reader.place();
        const std::size_t length = reader.read<std::uint16_t>("the length of a segment");
        if (length < 2) throw error(place, "a length of at least 2", std::to_string(length));
        const std::span<const std::byte> segment = reader.take(length - 2, "a segment");
        if (code == jpeg_format::huffman_tables) jpeg_format::check_huffman_tables(segment, place);
        if (code == jpeg_format::scan) jpeg_format::skip_scan(reader, file);
    }
}

}  // namespace tessera
