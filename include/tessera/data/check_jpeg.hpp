// check_jpeg: whether a JPEG file is whole and its tables are within their limits.
//
// A decoder may fill missing data with grey, and an old one trusts the counts in a Huffman table, or takes what its
// memory holds for a table that is missing; this walks over all segments: every one within the file, every Huffman
// table of at most 256 codes that exactly fill it, every table there before the scan that uses it, the end mark last.
// Bytes before a segment's mark and after the end belong to nothing, and are left out. The orientation is that of the
// EXIF segment.
//
// Errors  tessera::error with file and byte offset.
// Source  ITU-T T.81, annex B.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <tessera/data/byte_reader.hpp>
#include <tessera/data/exif_orientation.hpp>
#include <tessera/data/jpeg_tables.hpp>
#include <tessera/data/picture_content.hpp>
#include <tessera/error/error.hpp>
#include <utility>
#include <vector>

namespace tessera::detail {

inline constexpr std::string_view jpeg_magic{"\xFF\xD8", 2};

namespace jpeg_format {

inline constexpr std::uint8_t progressive = 0xC2, huffman = 0xC4, quantisation = 0xDB, end = 0xD9, scan = 0xDA,
                              application_1 = 0xE1;

inline bool frame(std::uint8_t code) { return code >= 0xC0 && code <= 0xC2; }
inline bool restart(std::uint8_t code) { return code >= 0xD0 && code <= 0xD7; }

// The code of the next marker; any number of 0xFF may stand before it, and other bytes in front, which are counted.
inline std::uint8_t marker(byte_reader& reader, std::size_t& strays) {
    for (;;) {
        std::uint8_t code = reader.read<std::uint8_t>("a marker");
        if (code != 0xFF) {
            ++strays;
            continue;
        }
        while (code == 0xFF) code = reader.read<std::uint8_t>("a marker");
        if (code != 0) return code;
        strays += 2;
    }
}

// Of the segment of application data that holds EXIF; of any other 0.
inline int orientation_in(std::span<const std::byte> segment) {
    constexpr std::string_view exif("Exif\0\0", 6);
    if (segment.size() < exif.size() || std::memcmp(segment.data(), exif.data(), exif.size()) != 0) return 0;
    return exif_orientation(segment.subspan(exif.size()));
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

inline picture_content check_jpeg(std::span<const std::byte> file, const std::string& name) {
    byte_reader reader(file, name, std::endian::big);
    if (reader.take_text(2, "the start mark of a JPEG") != jpeg_magic)
        throw error(reader.place(0), "the start mark of a JPEG", "another");
    picture_content content;
    std::vector<std::byte> mended(file.begin(), file.begin() + 2);
    jpeg_tables tables;
    std::size_t strays = 0;
    bool oriented = false;
    for (;;) {
        const std::uint8_t code = jpeg_format::marker(reader, strays);
        const std::size_t start = reader.offset() - 1;
        if (code != jpeg_format::end) {
            const std::string place = reader.place();
            const std::size_t length = reader.read<std::uint16_t>("the length of a segment");
            if (length < 2) throw error(place, "a length of at least 2", std::to_string(length));
            const std::span<const std::byte> segment = reader.take(length - 2, "a segment");
            if (code == jpeg_format::quantisation) tables.quantisation(segment, place);
            if (code == jpeg_format::huffman) tables.huffman(segment, place);
            if (jpeg_format::frame(code)) tables.frame(segment, place, code == jpeg_format::progressive);
            if (code == jpeg_format::scan) tables.scan(segment, place);
            if (code == jpeg_format::scan) jpeg_format::skip_scan(reader, file);
            const int orientation = code == jpeg_format::application_1 ? jpeg_format::orientation_in(segment) : 0;
            if (orientation > 0 && !std::exchange(oriented, true)) content.orientation = orientation;
        }
        mended.push_back(std::byte{0xFF});
        const auto whole = file.subspan(start, reader.offset() - start);
        mended.insert(mended.end(), whole.begin(), whole.end());
        if (code == jpeg_format::end) break;
    }
    content.bytes = file.first(reader.offset());
    if (strays > 0) content.mended = std::move(mended);
    return content;
}

}  // namespace tessera::detail
