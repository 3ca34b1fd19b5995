// gunzip: the content of a .gz file of known size.
//
//   is_gzip(bytes)                    whether the bytes open with gzip's magic number
//   gunzip_prefix(bytes, count, name) at most the first `count` inflated bytes: enough to read a header
//   gunzip(bytes, size, name)         all inflated bytes, of which there must be exactly `size`
//
// Cost    nothing is allocated that the compressed bytes cannot fill.
// Errors  damaged, truncated, other size, bytes after the end: tessera::error with the name.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tessera/data/inflater.hpp>
#include <tessera/error/error.hpp>
#include <vector>

namespace tessera {

namespace detail {

inline bool is_gzip(std::span<const std::byte> bytes) {
    return bytes.size() >= 2 && bytes[0] == std::byte{0x1F} && bytes[1] == std::byte{0x8B};
}

inline std::vector<std::byte> gunzip_prefix(std::span<const std::byte> bytes, std::size_t count,
                                            const std::string& name) {
    std::vector<std::byte> prefix(count);
    prefix.resize(inflater(bytes, inflater::framing::gzip, name).read(prefix));
    return prefix;
}

}  // namespace detail

inline std::vector<std::byte> gunzip(std::span<const std::byte> bytes, std::uint64_t size, const std::string& name) {
    const std::string wanted = std::to_string(size) + " bytes when inflated";
    if (size > detail::inflater::limit(bytes.size()))
        throw error(name, wanted,
                    std::to_string(bytes.size()) + " compressed bytes, which hold at most " +
                        std::to_string(detail::inflater::limit(bytes.size())));
    std::vector<std::byte> content(static_cast<std::size_t>(size));
    detail::inflater source(bytes, detail::inflater::framing::gzip, name);
    const std::size_t filled = source.read(content);
    if (filled != content.size()) throw error(name, wanted, std::to_string(filled));
    if (!source.finished()) throw error(name, wanted, "more");
    if (source.unread() != 0)
        throw error(name + ", byte " + std::to_string(bytes.size() - source.unread()), "the end of the file",
                    std::to_string(source.unread()) + " further bytes");
    return content;
}

}  // namespace tessera
