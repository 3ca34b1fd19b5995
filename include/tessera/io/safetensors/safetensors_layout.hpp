// safetensors_layout: what a safetensors file of these tensors consists of, before a byte is written.
//
//   prefix  8 bytes of length and the JSON header, padded with spaces to a multiple of 8
//   order   the tensors as their data follows: wide element types first, then by name, so that every tensor is
//           aligned to its element
//
// With `line` > 0 the tensors follow as they are given, and the data begins at a multiple of that many bytes, for files
// that are mapped.
//
// The same tensors and metadata give the same bytes, whatever their order in `entries`; they are those of the format's
// reference writer.
// Errors  tessera::error naming the tensor: bytes that do not match the shape, a name given twice, reserved or not
//         UTF-8, a header above 100 MB.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <tessera/error/error.hpp>
#include <tessera/io/little_endian.hpp>
#include <tessera/io/safetensors/parse_safetensors.hpp>
#include <tessera/io/safetensors/tensor_entry.hpp>
#include <tuple>
#include <vector>

namespace tessera {

namespace detail {

inline void require_writable(const tensor_entry& entry, const std::string& file) {
    const std::string place = tensor_place(file, entry.name);
    if (entry.name == "__metadata__") throw error(place, "another name", "the reserved one");
    if (entry.shape.size() > header_reader::largest_rank) {
        throw error(place, "at most 64 axes", std::to_string(entry.shape.size()));
    }
    const auto wanted = checked_byte_size(entry.type, entry.shape);
    if (!wanted || static_cast<std::uint64_t>(*wanted) != entry.bytes.size()) {
        throw error(place,
                    (wanted ? std::to_string(*wanted) : "fewer than 2^63") + " bytes for " +
                        std::string(name_of(entry.type)) + " " + shape_text(entry.shape),
                    std::to_string(entry.bytes.size()) + " bytes");
    }
}

inline std::string json_string(const std::string& text, const std::string& file) {
    try {
        return nlohmann::json(text).dump();
    } catch (const nlohmann::json::exception&) {
        throw error(file, "names and metadata in UTF-8", "bytes that are not");
    }
}

inline std::string json_entry(const tensor_entry& entry, std::size_t offset, const std::string& file) {
    std::string text = json_string(entry.name, file) + R"(:{"dtype":")" + std::string(name_of(entry.type));
    text += R"(","shape":[)";
    std::string_view separator;
    for (const std::int64_t extent : entry.shape) {
        (text += separator) += std::to_string(extent);
        separator = ",";
    }
    text += R"(],"data_offsets":[)" + std::to_string(offset) + "," + std::to_string(offset + entry.bytes.size()) + "]}";
    return text;
}

inline std::string json_metadata(const std::map<std::string, std::string>& metadata, const std::string& file) {
    std::string text = R"("__metadata__":{)";
    std::string_view separator;
    for (const auto& [key, value] : metadata) {
        (text += separator) += json_string(key, file) + ":" + json_string(value, file);
        separator = ",";
    }
    return text + "}";
}

struct safetensors_layout {
    std::string prefix;
    std::vector<const tensor_entry*> order;

    // `entries` must outlive the layout. `file` stands in messages.
    safetensors_layout(std::span<const tensor_entry> entries, const std::map<std::string, std::string>& metadata,
                       const std::string& file, std::size_t line = 0) {
        for (const tensor_entry& entry : entries) {
            detail::require_writable(entry, file);
            order.push_back(&entry);
        }
        const std::vector<const tensor_entry*> given = order;
        require_distinct(file);
        if (line > 0)
            order = given;
        else
            std::ranges::sort(order, {}, [](const tensor_entry* entry) {
                return std::tuple(-static_cast<int>(entry->type), std::string_view(entry->name));
            });
        write_prefix(metadata, file, line > 0 ? line : 8);
    }

  private:
    void require_distinct(const std::string& file) {
        const auto name = [](const tensor_entry* entry) -> const std::string& { return entry->name; };
        std::ranges::sort(order, {}, name);
        const auto same = std::ranges::adjacent_find(order, {}, name);
        if (same != order.end()) throw error(detail::tensor_place(file, (*same)->name), "one entry", "two");
    }

    void write_prefix(const std::map<std::string, std::string>& metadata, const std::string& file, std::size_t line) {
        std::string header = "{";
        if (!metadata.empty()) header += detail::json_metadata(metadata, file);
        std::size_t offset = 0;
        for (const tensor_entry* entry : order) {
            if (header.size() > 1) header += ",";
            header += detail::json_entry(*entry, offset, file);
            offset += entry->bytes.size();
        }
        header += "}";
        header.append((line - (8 + header.size()) % line) % line, ' ');
        if (header.size() > safetensors_largest_header) {
            throw error(file, "a header of at most " + std::to_string(safetensors_largest_header) + " bytes",
                        std::to_string(header.size()) + " bytes");
        }
        std::byte length[8];
        store_little(static_cast<std::uint64_t>(header.size()), length);
        prefix.assign(reinterpret_cast<const char*>(length), sizeof length);
        prefix += header;
    }
};

}  // namespace detail

}  // namespace tessera
