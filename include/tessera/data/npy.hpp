// read_npy, write_npy, parse_npy, npy_bytes: NumPy's .npy files.
//
// Versions 1 to 3; bool, integers of 8 to 64 bits with and without a sign, floats of 16 to 64; little and big endian; C
// and Fortran order. An array in Fortran order is transposed once, at load: an npy_array is always row-major and in the
// machine's byte order. Files are written little endian.
//
// Cost    the file and the array in memory.
// Errors  anything but one whole array and nothing after it: tessera::error with file and byte offset. An array whose
//         extents and bytes do not agree, or of more than 64 dimensions, is not written. A write that fails leaves the
//         old file as it was.
#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <tessera/data/byte_reader.hpp>
#include <tessera/data/npy_array.hpp>
#include <tessera/data/npy_header.hpp>
#include <tessera/error/error.hpp>
#include <tessera/io/read_file.hpp>
#include <tessera/io/write_file.hpp>
#include <utility>
#include <vector>

namespace tessera {

enum class npy_order { c, fortran };

namespace detail {

namespace npy_format {

// What an array of these extents takes; the largest number, which nothing holds, where a product overflows.
inline std::size_t bytes_of(npy_type type, std::span<const std::size_t> extents) {
    if (std::ranges::find(extents, 0U) != extents.end()) return 0;
    constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
    std::size_t total = facts_of(type).bytes;
    for (const std::size_t extent : extents) {
        if (extent > most / total) return most;
        total *= extent;
    }
    return total;
}

inline std::size_t payload_bytes(const npy_header& header, const byte_reader& reader) {
    const std::size_t total = bytes_of(header.type, header.extents);
    if (total > reader.left())
        throw error(reader.place(), "the elements that the header promises, more than the file holds",
                    std::to_string(reader.left()) + " bytes");
    return total;
}

// Element i of `to`, row-major in `extents`, comes from the place that column-major order gives it in `from`;
// with `back`, the other way round.
inline std::vector<std::byte> reorder(std::span<const std::byte> from, std::span<const std::size_t> extents,
                                      std::size_t width, bool back) {
    std::vector<std::byte> to(from.size());
    std::vector<std::size_t> position(extents.size(), 0);
    for (std::size_t row_major = 0; row_major < from.size() / width; ++row_major) {
        std::size_t column_major = 0;
        for (std::size_t axis = extents.size(); axis-- > 0;)
            column_major = column_major * extents[axis] + position[axis];
        const std::size_t source = back ? row_major : column_major;
        const std::size_t target = back ? column_major : row_major;
        std::memcpy(to.data() + target * width, from.data() + source * width, width);
        for (std::size_t axis = extents.size(); axis-- > 0;) {
            if (++position[axis] < extents[axis]) break;
            position[axis] = 0;
        }
    }
    return to;
}

// Between this order and the machine's; its own inverse.
inline void swap_to_machine(std::span<std::byte> bytes, std::size_t width, std::endian order) {
    if (order == std::endian::native) return;
    for (std::size_t i = 0; i < bytes.size(); i += width) std::ranges::reverse(bytes.subspan(i, width));
}

inline void check_booleans(std::span<const std::byte> payload, const byte_reader& reader, std::size_t start) {
    for (std::size_t i = 0; i < payload.size(); ++i)
        if (payload[i] > std::byte{1})
            throw error(reader.place(start + i), "a bool, 0 or 1", std::to_string(std::to_integer<int>(payload[i])));
}

}  // namespace npy_format

}  // namespace detail

inline npy_array parse_npy(std::span<const std::byte> file, const std::string& name) {
    detail::byte_reader reader(file, name);
    detail::npy_header header = parse_npy_header(reader);
    const std::size_t start = reader.offset();
    const std::size_t width = detail::facts_of(header.type).bytes;
    const std::span<const std::byte> payload =
        reader.take(detail::npy_format::payload_bytes(header, reader), "the elements of the array");
    reader.expect_end();
    if (header.type == npy_type::boolean) detail::npy_format::check_booleans(payload, reader, start);

    npy_array array{header.type, std::move(header.extents), {}};
    if (header.fortran_order && array.extents.size() > 1)
        array.bytes = detail::npy_format::reorder(payload, array.extents, width, false);
    else
        array.bytes.assign(payload.begin(), payload.end());
    detail::npy_format::swap_to_machine(array.bytes, width, header.order);
    return array;
}

inline std::vector<std::byte> npy_bytes(const npy_array& array, npy_order order = npy_order::c) {
    const detail::npy_header facts{array.type, order == npy_order::fortran, array.extents, std::endian::little};
    if (facts.extents.size() > detail::npy_header::longest_rank)
        throw error("npy_bytes", "at most 64 dimensions", std::to_string(facts.extents.size()));
    if (detail::npy_format::bytes_of(array.type, array.extents) != array.bytes.size())
        throw error("npy_bytes",
                    "extents of " + std::to_string(array.bytes.size()) +
                        " bytes, those of the array, for elements of " +
                        std::string(detail::facts_of(array.type).descr),
                    facts.shape());
    const std::string header = facts.write();
    const std::size_t width = detail::facts_of(array.type).bytes;
    std::vector<std::byte> payload = order == npy_order::fortran
                                         ? detail::npy_format::reorder(array.bytes, array.extents, width, true)
                                         : array.bytes;
    detail::npy_format::swap_to_machine(payload, width, std::endian::little);
    const auto* first = reinterpret_cast<const std::byte*>(header.data());
    std::vector<std::byte> file(first, first + header.size());
    file.insert(file.end(), payload.begin(), payload.end());
    return file;
}

inline npy_array read_npy(const std::filesystem::path& path) {
    return parse_npy(detail::read_file(path), path.string());
}

inline void write_npy(const std::filesystem::path& path, const npy_array& array, npy_order order = npy_order::c) {
    detail::write_file(path, npy_bytes(array, order));
}

}  // namespace tessera
