// zip_writer: builds a zip archive in memory, entry by entry.
//
//   zip_writer writer(compress);   compress: deflate the entries, otherwise store them
//   writer.add(name, bytes);
//   writer.finish()                the bytes of the archive
//
// Equal entries give equal archives: all dates are 1 January 1980.
//
// Errors  an entry or an archive of 4 GiB or more, or more than 65,534 entries, which need zip64: tessera::error.
#pragma once
#include <zlib.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <tessera/data/byte_order.hpp>
#include <tessera/data/zip_archive.hpp>
#include <tessera/error/error.hpp>
#include <utility>
#include <vector>

namespace tessera::detail {

class zip_writer {
  public:
    explicit zip_writer(bool compress) : compress_(compress) {}

    void add(const std::string& name, std::span<const std::byte> content) {
        if (name.size() > 0xFFFF)
            throw error("zip_writer", "a name of at most 65535 bytes", std::to_string(name.size()));
        zip_format::entry entry{name, compress_ ? zip_format::deflated : zip_format::stored};
        entry.size = small(content.size());
        entry.crc = zip_format::checksum(content);
        entry.offset = small(archive_.size());
        const std::vector<std::byte> packed = compress_ ? deflated(content) : std::vector<std::byte>{};
        if (compress_) content = packed;
        entry.compressed = small(content.size());

        put(zip_format::local_magic);
        put_facts(entry);
        put(std::uint16_t{0});  // extra field
        put(name);
        archive_.insert(archive_.end(), content.begin(), content.end());
        entries_.push_back(std::move(entry));
    }

    std::vector<std::byte> finish() {
        if (entries_.size() >= 0xFFFF)
            throw error("zip_writer", "fewer than 65535 entries", std::to_string(entries_.size()));
        const auto count = static_cast<std::uint16_t>(entries_.size());
        const std::uint32_t start = small(archive_.size());
        for (const zip_format::entry& entry : entries_) {
            put(zip_format::directory_magic);
            put(version);  // made by
            put_facts(entry);
            for (int field = 0; field < 4; ++field) put(std::uint16_t{0});  // extra, comment, disk, attributes
            put(std::uint32_t{0});                                          // attributes outside
            put(entry.offset);
            put(entry.name);
        }
        const std::uint32_t size = small(archive_.size() - start);
        put(zip_format::end_magic);
        put(std::uint32_t{0});  // disks
        put(count);
        put(count);
        put(size);
        put(start);
        put(std::uint16_t{0});  // comment
        return std::move(archive_);
    }

  private:
    static constexpr std::uint16_t version = 20;  // 2.0: deflate

    template <class Number>
        requires std::is_integral_v<Number>
    void put(Number number) {
        archive_.resize(archive_.size() + sizeof(Number));
        store_bytes(number, archive_.data() + archive_.size() - sizeof(Number), std::endian::little);
    }
    void put(const std::string& text) {
        const auto* first = reinterpret_cast<const std::byte*>(text.data());
        archive_.insert(archive_.end(), first, first + text.size());
    }

    // The fields that local header and directory share, up to the length of the name.
    void put_facts(const zip_format::entry& entry) {
        put(version);
        put(std::uint16_t{0x0800});  // names are UTF-8
        put(entry.method);
        put(std::uint16_t{0});             // time
        put(std::uint16_t{(1 << 5) | 1});  // date
        put(entry.crc);
        put(entry.compressed);
        put(entry.size);
        put(static_cast<std::uint16_t>(entry.name.size()));
    }

    static std::uint32_t small(std::size_t size) {
        if (size >= std::numeric_limits<std::uint32_t>::max())
            throw error("zip_writer", "an archive below 4 GiB", std::to_string(size) + " bytes");
        return static_cast<std::uint32_t>(size);
    }

    // small() has bounded the size, so it fits zlib's 32-bit counts.
    static std::vector<std::byte> deflated(std::span<const std::byte> content) {
        z_stream stream{};
        if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
            throw error("zip_writer", "memory to compress", "none");
        std::vector<std::byte> packed(deflateBound(&stream, static_cast<uLong>(content.size())));
        stream.next_in = reinterpret_cast<z_const Bytef*>(const_cast<std::byte*>(content.data()));
        stream.avail_in = static_cast<uInt>(content.size());
        stream.next_out = reinterpret_cast<Bytef*>(packed.data());
        stream.avail_out = small(packed.size());
        const int status = deflate(&stream, Z_FINISH);
        packed.resize(stream.total_out);
        deflateEnd(&stream);
        if (status != Z_STREAM_END)
            throw error("zip_writer", "compressed data", "zlib error " + std::to_string(status));
        return packed;
    }

    bool compress_;
    std::vector<std::byte> archive_;
    std::vector<zip_format::entry> entries_;
};

}  // namespace tessera::detail
