// read_idx, parse_idx: arrays in the IDX format of MNIST and its relatives, plain or gzip-compressed.
//
//   bytes 0, 1   zero
//   byte 2       element type: 08 u8, 09 i8, 0B i16, 0C i32, 0D f32, 0E f64
//   byte 3       number of dimensions, at least 1
//   then         one big-endian u32 a dimension, then the elements, row-major, big endian
//
// The result keeps the file's element type: an array of u8 stays one byte an element.
//
// Cost    the file once and the array once in memory.
// Errors  wrong magic, unknown type, size other than header plus payload: tessera::error with file and byte offset.
#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <tessera/data/byte_reader.hpp>
#include <tessera/data/gunzip.hpp>
#include <tessera/error/error.hpp>
#include <tessera/io/read_file.hpp>
#include <utility>
#include <variant>
#include <vector>

namespace tessera {

struct idx_array {
    std::vector<std::size_t> extents;
    std::variant<std::vector<std::uint8_t>, std::vector<std::int8_t>, std::vector<std::int16_t>,
                 std::vector<std::int32_t>, std::vector<float>, std::vector<double>>
        values;

    std::size_t size() const {
        return std::visit([](const auto& elements) { return elements.size(); }, values);
    }

    // The elements as stored, or null when they are of another type.
    template <class Element> const std::vector<Element>* of() const {
        return std::get_if<std::vector<Element>>(&values);
    }
};

namespace detail {

namespace idx_format {

inline constexpr std::size_t longest_header = 4 + 4 * 255;

struct header {
    std::uint8_t type = 0;
    std::vector<std::size_t> extents;
    std::size_t bytes = 0;  // of the header itself
};

inline header parse_header(std::span<const std::byte> bytes, const std::string& name) {
    byte_reader reader(bytes, name, std::endian::big);
    const auto zeros = reader.read<std::uint16_t>("an IDX magic number");
    if (zeros != 0)
        throw error(reader.place(0), "an IDX magic number, which opens with two zero bytes",
                    std::to_string(zeros >> 8) + ", " + std::to_string(zeros & 0xFF));
    header found;
    found.type = reader.read<std::uint8_t>("an IDX element type");
    const auto rank = reader.read<std::uint8_t>("a number of dimensions");
    if (rank == 0) throw error(reader.place(3), "at least one dimension", "0");
    for (int axis = 0; axis < rank; ++axis)
        found.extents.push_back(reader.read<std::uint32_t>("extent " + std::to_string(axis)));
    found.bytes = reader.offset();
    return found;
}

inline std::uint64_t payload_bytes(const header& head, std::size_t element, const std::string& name) {
    if (std::find(head.extents.begin(), head.extents.end(), 0U) != head.extents.end()) return 0;
    std::uint64_t total = element;
    for (const std::size_t extent : head.extents) {
        if (total > (std::uint64_t{1} << 60) / extent)
            throw error(name + ", byte 4", "extents of an array that fits a file", "a product beyond 2^60 bytes");
        total *= extent;
    }
    return total;
}

template <class Element>
idx_array parse_elements(std::span<const std::byte> file, const header& head, const std::string& name) {
    const std::uint64_t total = head.bytes + payload_bytes(head, sizeof(Element), name);
    std::vector<std::byte> inflated;
    if (is_gzip(file)) file = inflated = gunzip(file, total, name);
    if (file.size() != total)
        throw error(name, std::to_string(total) + " bytes (header " + std::to_string(head.bytes) + ")",
                    std::to_string(file.size()) + " bytes");
    const std::span<const std::byte> payload = file.subspan(head.bytes);
    std::vector<Element> elements(payload.size() / sizeof(Element));
    for (std::size_t i = 0; i < elements.size(); ++i)
        elements[i] = load_bytes<Element>(payload.data() + i * sizeof(Element), std::endian::big);
    return {head.extents, std::move(elements)};
}

}  // namespace idx_format

}  // namespace detail

inline idx_array parse_idx(std::span<const std::byte> file, const std::string& name) {
    using namespace detail::idx_format;
    std::vector<std::byte> inflated;
    std::span<const std::byte> prefix = file;
    if (detail::is_gzip(file)) prefix = inflated = detail::gunzip_prefix(file, longest_header, name);
    const header head = parse_header(prefix, name);
    switch (head.type) {
        case 0x08: return parse_elements<std::uint8_t>(file, head, name);
        case 0x09: return parse_elements<std::int8_t>(file, head, name);
        case 0x0B: return parse_elements<std::int16_t>(file, head, name);
        case 0x0C: return parse_elements<std::int32_t>(file, head, name);
        case 0x0D: return parse_elements<float>(file, head, name);
        case 0x0E: return parse_elements<double>(file, head, name);
        default:
            throw error(name + ", byte 2", "an element type among 8, 9, 11, 12, 13, 14", std::to_string(head.type));
    }
}

inline idx_array read_idx(const std::filesystem::path& path) {
    return parse_idx(detail::read_file(path), path.string());
}

}  // namespace tessera
