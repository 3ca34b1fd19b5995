// parse_pnm: PGM and PPM pictures, binary (P5, P6) or in text (P2, P3).
//
//   P6 WIDTH HEIGHT MAXIMUM, white space or comments (#... to the end of the line) between, one white space, then rows
//
// Values are divided by the maximum. In a binary picture one above 255 has two bytes, the high one first; in text they
// are decimal numbers with white space or comments between.
//
// Errors  another magic, a maximum outside 1..65535, a value above it, size other than header plus rows, what is
//         neither a number nor white space: tessera::error with file and byte offset.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tessera/data/byte_reader.hpp>
#include <tessera/data/image.hpp>
#include <tessera/error/error.hpp>
#include <vector>

namespace tessera {

namespace detail {

namespace pnm_format {

inline bool white(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// The next character; a comment is the end of its line.
inline char next(byte_reader& reader) {
    const char c = reader.take_text(1, "more of the picture").front();
    if (c != '#') return c;
    while (reader.left() > 0 && reader.take_text(1, "a comment").front() != '\n') {}
    return '\n';
}

// A number and the one character that ends it, if the file does not.
inline std::size_t number(byte_reader& reader, const std::string& what, std::size_t smallest, std::size_t largest) {
    char c = next(reader);
    while (white(c)) c = next(reader);
    const std::size_t start = reader.offset() - 1;
    std::size_t value = 0;
    bool digits = false;
    for (; c >= '0' && c <= '9'; c = reader.left() > 0 ? next(reader) : '\n') {
        value = value * 10 + static_cast<std::size_t>(c - '0');
        digits = true;
        if (value > largest) break;
    }
    if (!digits || !white(c) || value < smallest || value > largest)
        throw error(reader.place(start), what + " in " + std::to_string(smallest) + ".." + std::to_string(largest),
                    "another text");
    return value;
}

struct header {
    bool text;
    image_extents extents;
    std::size_t maximum;
};

inline header read_header(byte_reader& reader) {
    const char kind = reader.take_text(2, "the magic text")[1];
    const std::size_t width = number(reader, "a width", 1, 1U << 24);
    const std::size_t height = number(reader, "a height", 1, 1U << 24);
    const std::size_t maximum = number(reader, "a maximum", 1, 65535);
    return {kind == '2' || kind == '3', {height, width, kind == '3' || kind == '6' ? 3U : 1U}, maximum};
}

inline std::vector<float> read_text(byte_reader& reader, std::size_t count, std::size_t maximum) {
    if (reader.left() / 2 + 1 < count)  // a digit and a space each
        throw error(reader.place(), std::to_string(count) + " values", std::to_string(reader.left()) + " bytes");
    std::vector<float> values;
    values.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        values.push_back(static_cast<float>(number(reader, "a value", 0, maximum)) / static_cast<float>(maximum));
    while (reader.left() > 0)
        if (!white(next(reader)))
            throw error(reader.place(reader.offset() - 1), "the end of the file", "more than the picture");
    return values;
}

inline std::vector<float> read_binary(byte_reader& reader, std::size_t count, std::size_t maximum) {
    const std::size_t start = reader.offset();
    const std::size_t each = maximum > 255 ? 2 : 1;
    const std::span<const std::byte> rows = reader.take(count * each, "the rows of the picture");
    reader.expect_end();
    std::vector<float> values;
    values.reserve(count);
    for (std::size_t at = 0; at < rows.size(); at += each) {
        std::size_t value = std::to_integer<std::size_t>(rows[at]);
        if (each == 2) value = value * 256 + std::to_integer<std::size_t>(rows[at + 1]);
        if (value > maximum)
            throw error(reader.place(start + at), "a value in 0.." + std::to_string(maximum), std::to_string(value));
        values.push_back(static_cast<float>(value) / static_cast<float>(maximum));
    }
    return values;
}

}  // namespace pnm_format

inline bool is_pnm(std::span<const std::byte> file) {
    if (file.size() < 2 || file[0] != std::byte{'P'}) return false;
    const char kind = static_cast<char>(file[1]);
    return kind == '2' || kind == '3' || kind == '5' || kind == '6';
}

}  // namespace detail

inline image parse_pnm(std::span<const std::byte> file, const std::string& name) {
    detail::byte_reader reader(file, name);
    if (!detail::is_pnm(file)) throw error(reader.place(), "the magic text P2, P3, P5 or P6", "other bytes");
    const auto [text, extents, maximum] = detail::pnm_format::read_header(reader);
    const auto read = text ? detail::pnm_format::read_text : detail::pnm_format::read_binary;
    return {extents, read(reader, extents.size(), maximum)};
}

}  // namespace tessera
