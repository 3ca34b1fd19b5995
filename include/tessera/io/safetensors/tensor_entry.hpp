// tensor_entry: one named tensor of a safetensors file. The bytes are the file's (little-endian, row-major, possibly
// unaligned) and belong to somebody else.
//
// element_count(shape)           product of the extents; nothing when an extent is negative or it exceeds 2^63 - 1
// checked_byte_size(type, shape) the same in bytes
// shape_text(shape)              "(2, 3)", for messages
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <tessera/io/safetensors/dtype.hpp>
#include <vector>

namespace tessera {

struct tensor_entry {
    std::string name{};
    dtype type = dtype::f32;
    std::vector<std::int64_t> shape{};
    std::span<const std::byte> bytes{};

    std::size_t size() const { return bytes.size() / detail::byte_size(type); }
};

namespace detail {

// A zero does not excuse the other extents: their product must fit as well, so that no partial product overflows in
// whatever order a reader multiplies.
inline std::optional<std::int64_t> element_count(std::span<const std::int64_t> shape) {
    std::int64_t product = 1;
    bool empty = false;
    for (const std::int64_t extent : shape) {
        if (extent < 0) return std::nullopt;
        empty = empty || extent == 0;
        if (product > std::numeric_limits<std::int64_t>::max() / std::max<std::int64_t>(extent, 1)) return std::nullopt;
        product *= std::max<std::int64_t>(extent, 1);
    }
    return empty ? 0 : product;
}

inline std::optional<std::int64_t> checked_byte_size(dtype type, std::span<const std::int64_t> shape) {
    const auto count = element_count(shape);
    const auto each = static_cast<std::int64_t>(byte_size(type));
    if (!count || *count > std::numeric_limits<std::int64_t>::max() / each) return std::nullopt;
    return *count * each;
}

inline std::string shape_text(std::span<const std::int64_t> shape) {
    std::string text = "(";
    for (const std::int64_t extent : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
    return text + ")";
}

}  // namespace detail

}  // namespace tessera
