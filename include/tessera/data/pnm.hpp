// parse_pnm: binary PGM (P5) and PPM (P6) pictures.
//
//   P6 WIDTH HEIGHT MAXIMUM, white space or comments (#...) between, one white space, then rows of values
//
// Values are divided by the maximum. Above 255 a value has two bytes, the high one first.
//
// Errors  another magic, a maximum outside 1..65535, a value above it, size other than header plus rows:
//         tessera::error with file and byte offset.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tessera/data/byte_reader.hpp>
#include <tessera/data/image.hpp>
#include <tessera/error.hpp>

namespace tessera {

namespace pnm_format {

inline bool white(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

inline char next(byte_reader& reader) { return reader.take_text(1, "a PNM header").front(); }

// A number and the one character that ends it.
inline std::size_t number(byte_reader& reader, const std::string& what, std::size_t largest) {
    char c = next(reader);
    for (; white(c) || c == '#'; c = next(reader))
        if (c == '#')
            while (c != '\n') c = next(reader);
    const std::size_t start = reader.offset() - 1;
    std::size_t value = 0;
    bool digits = false;
    for (; c >= '0' && c <= '9'; c = next(reader)) {
        value = value * 10 + static_cast<std::size_t>(c - '0');
        digits = true;
        if (value > largest) break;
    }
    if (!digits || !white(c) || value == 0 || value > largest)
        throw error(reader.place(start), what + " in 1.." + std::to_string(largest), "another text");
    return value;
}

}  // namespace pnm_format

inline bool is_pnm(std::span<const std::byte> file) {
    return file.size() >= 2 && file[0] == std::byte{'P'} && (file[1] == std::byte{'5'} || file[1] == std::byte{'6'});
}

inline image parse_pnm(std::span<const std::byte> file, const std::string& name) {
    byte_reader reader(file, name);
    if (!is_pnm(file)) throw error(reader.place(), "the magic text P5 or P6", "other bytes");
    const std::size_t channels = reader.take_text(2, "the magic text")[1] == '6' ? 3 : 1;
    const std::size_t width = pnm_format::number(reader, "a width", 1U << 24);
    const std::size_t height = pnm_format::number(reader, "a height", 1U << 24);
    const std::size_t maximum = pnm_format::number(reader, "a maximum", 65535);
    const std::size_t start = reader.offset();
    const std::size_t each = maximum > 255 ? 2 : 1;
    const std::span<const std::byte> rows = reader.take(width * height * channels * each, "the rows of the picture");
    reader.expect_end();
    image picture{{height, width, channels}, {}};
    picture.values.reserve(rows.size() / each);
    for (std::size_t at = 0; at < rows.size(); at += each) {
        std::size_t value = std::to_integer<std::size_t>(rows[at]);
        if (each == 2) value = value * 256 + std::to_integer<std::size_t>(rows[at + 1]);
        if (value > maximum)
            throw error(reader.place(start + at), "a value in 0.." + std::to_string(maximum), std::to_string(value));
        picture.values.push_back(static_cast<float>(value) / static_cast<float>(maximum));
    }
    return picture;
}

}  // namespace tessera
