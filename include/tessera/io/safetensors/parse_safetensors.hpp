// parse_safetensors: bytes of a safetensors file -> tensor_file. The file is either right in every detail or refused.
//
//   8 bytes   length of the header, little-endian
//   header    JSON (header_reader), starts with '{', may end in spaces
//   data      the tensors, without gap, overlap or rest, in any order
//
// Tensors of a dtype that the library does not know stand in unread(), by name; of them only the place is checked.
//
// parse_safetensors_in_place: of bytes that are not copied and outlive the tensor_file, such as those of a mapped file.
//
// `name` stands in messages, usually the path.
// Cost    O(h log h) for a header of h bytes; the data is neither read nor copied.
// Errors  tessera::error naming file, tensor or byte, wanted and found.
// Source  https://github.com/huggingface/safetensors, "Format"; where its reader is lenient (unknown fields, a byte
//         order mark, duplicate names), this one refuses.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <tessera/error/error.hpp>
#include <tessera/io/little_endian.hpp>
#include <tessera/io/safetensors/header_reader.hpp>
#include <tessera/io/safetensors/tensor_entry.hpp>
#include <tessera/io/safetensors/tensor_file.hpp>
#include <utility>
#include <vector>

namespace tessera {

inline constexpr std::size_t safetensors_largest_header = 100'000'000;

namespace detail {

inline std::size_t safetensors_header_length(std::span<const std::byte> bytes, const std::string& name) {
    if (bytes.size() < 8) {
        throw error(name, "at least 8 bytes of a safetensors file", std::to_string(bytes.size()) + " bytes");
    }
    const auto length = load_little<std::uint64_t>(bytes.data());
    const std::uint64_t most = std::min(bytes.size() - 8, safetensors_largest_header);
    if (length > most) {
        throw error(name + ": byte 0", "a header of at most " + std::to_string(most) + " bytes",
                    std::to_string(length) + " bytes");
    }
    return static_cast<std::size_t>(length);
}

inline header_reader read_safetensors_header(std::span<const std::byte> header, const std::string& name) {
    const char* const text = reinterpret_cast<const char*>(header.data());
    if (header.empty() || text[0] != '{')
        throw error(name + ": byte 8", "'{', the start of a header", "something else");
    // The JSON parser takes a zero byte for the end of its input and would not look at what follows.
    const char* const zero = std::find(text, text + header.size(), '\0');
    if (zero != text + header.size()) {
        throw error(name + ": byte " + std::to_string(8 + (zero - text)), "a header in JSON", "a zero byte");
    }
    header_reader reader(name);
    nlohmann::json::sax_parse(text, text + header.size(), &reader);
    return reader;
}

inline std::string tensor_place(const std::string& file, const std::string& tensor) {
    return file + ": tensor " + in_quotes(tensor);
}

inline void require_fitting_shape(const header_record& record, const std::string& file) {
    if (!record.type) return;
    const auto wanted = checked_byte_size(*record.type, *record.shape);
    const std::string shape = std::string(name_of(*record.type)) + " " + shape_text(*record.shape);
    if (!wanted) throw error(tensor_place(file, record.name), "fewer than 2^63 bytes", shape);
    const std::int64_t begin = (*record.offsets)[0], end = (*record.offsets)[1];
    if (end < begin || end - begin != *wanted) {
        throw error(tensor_place(file, record.name), std::to_string(*wanted) + " bytes for " + shape,
                    "offsets " + std::to_string(begin) + " to " + std::to_string(end));
    }
}

// Sorts by place. Each tensor starts where the last one ended, and the last ends with the file.
inline void require_gapless(std::vector<header_record>& records, std::size_t data_bytes, const std::string& file) {
    std::ranges::sort(
        records, {}, [](const header_record& record) { return std::pair((*record.offsets)[0], (*record.offsets)[1]); });
    std::int64_t end = 0;
    for (const header_record& record : records) {
        const std::int64_t begin = (*record.offsets)[0];
        if (begin != end) {
            throw error(tensor_place(file, record.name), "data from offset " + std::to_string(end),
                        "offset " + std::to_string(begin));
        }
        end = (*record.offsets)[1];
        if (end < begin) {
            throw error(tensor_place(file, record.name), "an end after its begin",
                        "offsets " + std::to_string(begin) + " to " + std::to_string(end));
        }
    }
    if (static_cast<std::uint64_t>(end) != data_bytes) {
        throw error(file, std::to_string(end) + " bytes of data", std::to_string(data_bytes) + " bytes");
    }
}

inline void require_distinct(const std::vector<header_record>& records, const std::string& file) {
    std::vector<std::string_view> names;
    for (const header_record& record : records) names.push_back(record.name);
    std::ranges::sort(names);
    const auto same = std::ranges::adjacent_find(names);
    if (same != names.end()) throw error(tensor_place(file, std::string(*same)), "one entry", "two");
}

// `bytes` are the vector's, or somebody else's
inline tensor_file parsed_safetensors(std::span<const std::byte> bytes, std::vector<std::byte> owned,
                                      std::string name) {
    const std::size_t length = safetensors_header_length(bytes, name);
    header_reader header = read_safetensors_header(bytes.subspan(8, length), name);
    const std::span<const std::byte> data = bytes.subspan(8 + length);
    for (const auto& record : header.records) require_fitting_shape(record, name);
    require_gapless(header.records, data.size(), name);
    require_distinct(header.records, name);

    std::vector<tensor_entry> entries;
    std::vector<unread_tensor> unread;
    entries.reserve(header.records.size());
    for (auto& record : header.records) {
        if (!record.type) {
            unread.push_back({std::move(record.name), std::move(*record.type_name)});
            continue;
        }
        const auto begin = static_cast<std::size_t>((*record.offsets)[0]);
        const auto end = static_cast<std::size_t>((*record.offsets)[1]);
        entries.push_back(
            {std::move(record.name), *record.type, std::move(*record.shape), data.subspan(begin, end - begin)});
    }
    std::ranges::sort(entries, {}, &tensor_entry::name);
    std::ranges::sort(unread, {}, &unread_tensor::name);
    return tensor_file(std::move(name), std::move(owned), std::move(entries), std::move(header.metadata),
                       std::move(unread));
}

}  // namespace detail

inline tensor_file parse_safetensors(std::vector<std::byte> bytes, std::string name) {
    const std::span<const std::byte> view(bytes);  // stays where it is when the vector moves
    return detail::parsed_safetensors(view, std::move(bytes), std::move(name));
}

inline tensor_file parse_safetensors_in_place(std::span<const std::byte> bytes, std::string name) {
    return detail::parsed_safetensors(bytes, {}, std::move(name));
}

}  // namespace tessera
