// zip_archive: reads archives of files, stored or deflated, as .npz files are.
//
//   zip_archive archive(bytes, name);   reads and checks the directory; keeps a view of the bytes, copies nothing
//   archive.names()                     in the order of the directory
//   archive.extract(entry)              one file, its checksum verified
//
// Refused: zip64 directories, several disks, entries that overlap, equal names, and bytes before the first entry or
// after the end. (Local headers with a zip64 field are read: NumPy writes them.) An entry that is encrypted or
// compressed otherwise is refused when it is extracted.
//
// Cost    an entry is allocated only after its size is found possible for its compressed bytes.
// Errors  tessera::error with archive, byte offset or entry.
// Source  PKWARE, ".ZIP File Format Specification" 6.3.
#pragma once
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tessera/data/byte_reader.hpp>
#include <tessera/data/inflater.hpp>
#include <tessera/error/error.hpp>
#include <utility>
#include <vector>

namespace tessera::detail {

namespace zip_format {

inline constexpr std::uint32_t local_magic = 0x04034B50, directory_magic = 0x02014B50, end_magic = 0x06054B50;
inline constexpr std::size_t local_bytes = 30, end_bytes = 22;
inline constexpr std::uint16_t stored = 0, deflated = 8;

inline std::uint32_t checksum(std::span<const std::byte> bytes) {
    return static_cast<std::uint32_t>(
        crc32_z(crc32_z(0, nullptr, 0), reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

struct entry {
    std::string name;
    std::uint16_t method = stored;
    std::uint32_t crc = 0;
    std::uint32_t compressed = 0;
    std::uint32_t size = 0;
    std::uint32_t offset = 0;  // of the local header
    bool encrypted = false;
    std::span<const std::byte> content = {};  // compressed
};

}  // namespace zip_format

class zip_archive {
  public:
    zip_archive(std::span<const std::byte> bytes, std::string name) : bytes_(bytes), name_(std::move(name)) {
        read_directory(find_end());
        locate_contents();
    }

    std::vector<std::string> names() const {
        std::vector<std::string> listed;
        for (const zip_format::entry& entry : entries_) listed.push_back(entry.name);
        return listed;
    }

    std::vector<std::byte> extract(std::string_view wanted) const {
        for (const zip_format::entry& entry : entries_)
            if (entry.name == wanted) return extract(entry);
        throw error(name_, "an entry \"" + std::string(wanted) + "\"", "none of that name");
    }

  private:
    // The offset of the end record: the last one whose comment reaches exactly to the end of the file.
    std::size_t find_end() const {
        using namespace zip_format;
        if (bytes_.size() >= end_bytes)
            for (std::size_t comment = 0; comment <= std::min<std::size_t>(0xFFFF, bytes_.size() - end_bytes);
                 ++comment) {
                const std::size_t at = bytes_.size() - end_bytes - comment;
                if (load_bytes<std::uint32_t>(bytes_.data() + at, std::endian::little) == end_magic &&
                    load_bytes<std::uint16_t>(bytes_.data() + at + 20, std::endian::little) == comment)
                    return at;
            }
        throw error(name_, "the end record of a zip archive", std::to_string(bytes_.size()) + " bytes without one");
    }

    void read_directory(std::size_t end) {
        byte_reader reader(bytes_, name_);
        reader.take(end + 4, "the end record");
        const auto disk = reader.read<std::uint16_t>("a disk number");
        const auto first_disk = reader.read<std::uint16_t>("a disk number");
        const auto here = reader.read<std::uint16_t>("a count of entries");
        const auto count = reader.read<std::uint16_t>("a count of entries");
        const auto size = reader.read<std::uint32_t>("the size of the directory");
        const auto offset = reader.read<std::uint32_t>("the offset of the directory");
        if (count == 0xFFFF || size == 0xFFFFFFFF || offset == 0xFFFFFFFF)
            throw error(reader.place(end), "an archive without zip64 extensions", "a zip64 archive");
        if (disk != 0 || first_disk != 0 || here != count)
            throw error(reader.place(end), "an archive on one disk", "a part of several");
        if (std::uint64_t{offset} + size != end)
            throw error(reader.place(end),
                        "a directory of " + std::to_string(size) + " bytes at byte " + std::to_string(offset) +
                            " that ends here",
                        "another end");
        directory_ = offset;
        byte_reader directory(bytes_.first(end), name_);
        directory.take(offset, "the entries");
        for (std::size_t i = 0; i < count; ++i) entries_.push_back(read_entry(directory));
        directory.expect_end();
    }

    static zip_format::entry read_entry(byte_reader& reader) {
        const std::string place = reader.place();
        if (reader.read<std::uint32_t>("a directory entry") != zip_format::directory_magic)
            throw error(place, "a directory entry (PK 1 2)", "other bytes");
        zip_format::entry entry;
        reader.take(4, "versions");
        const auto flags = reader.read<std::uint16_t>("flags");
        entry.method = reader.read<std::uint16_t>("a compression method");
        reader.take(4, "a date");
        entry.crc = reader.read<std::uint32_t>("a checksum");
        entry.compressed = reader.read<std::uint32_t>("a compressed size");
        entry.size = reader.read<std::uint32_t>("a size");
        const auto name = reader.read<std::uint16_t>("the length of a name");
        const auto extra = reader.read<std::uint16_t>("the length of an extra field");
        const auto comment = reader.read<std::uint16_t>("the length of a comment");
        reader.take(8, "attributes");
        entry.offset = reader.read<std::uint32_t>("the offset of an entry");
        entry.name = std::string(reader.take_text(name, "a name"));
        reader.take(std::size_t{extra} + comment, "an extra field and a comment");
        entry.encrypted = (flags & 1) != 0;
        if (entry.compressed == 0xFFFFFFFF || entry.size == 0xFFFFFFFF || entry.offset == 0xFFFFFFFF)
            throw error(place, "an archive without zip64 extensions", "a zip64 entry");
        return entry;
    }

    // Finds the bytes of every entry, which must lie one after another before the directory.
    void locate_contents() {
        std::vector<zip_format::entry*> by_offset, by_name;
        for (zip_format::entry& entry : entries_) by_offset.push_back(&entry);
        by_name = by_offset;
        std::sort(by_offset.begin(), by_offset.end(), [](auto* a, auto* b) { return a->offset < b->offset; });
        if (const std::size_t first = by_offset.empty() ? directory_ : by_offset.front()->offset; first != 0)
            throw error(name_ + ", byte 0", "the first entry of the archive", std::to_string(first) + " other bytes");
        std::size_t end = 0;
        for (zip_format::entry* entry : by_offset) {
            if (entry->offset < end)
                throw error(name_ + ", byte " + std::to_string(entry->offset), "an entry of its own",
                            "\"" + entry->name + "\" inside another");
            end = locate(*entry);
        }
        std::sort(by_name.begin(), by_name.end(), [](auto* a, auto* b) { return a->name < b->name; });
        for (std::size_t i = 1; i < by_name.size(); ++i)
            if (by_name[i - 1]->name == by_name[i]->name)
                throw error(name_, "entries of different names", "\"" + by_name[i]->name + "\" twice");
    }

    std::size_t locate(zip_format::entry& entry) const {
        byte_reader reader(bytes_.first(directory_), name_);
        reader.take(entry.offset, "the entry \"" + entry.name + "\"");
        if (reader.read<std::uint32_t>("an entry") != zip_format::local_magic)
            throw error(reader.place(entry.offset), "an entry (PK 3 4)", "other bytes");
        reader.take(zip_format::local_bytes - 8, "an entry's header");
        const auto name = reader.read<std::uint16_t>("the length of a name");
        const auto extra = reader.read<std::uint16_t>("the length of an extra field");
        const std::string_view found = reader.take_text(name, "a name");
        if (found != entry.name)
            throw error(reader.place(entry.offset), "the name \"" + entry.name + "\" of the directory",
                        "\"" + std::string(found) + "\"");
        reader.take(extra, "an extra field");
        entry.content = reader.take(entry.compressed, "the content of \"" + entry.name + "\"");
        return reader.offset();
    }

    std::vector<std::byte> extract(const zip_format::entry& entry) const {
        const std::string place = name_ + ", entry \"" + entry.name + "\"";
        if (entry.encrypted) throw error(place, "an entry without encryption", "an encrypted one");
        if (entry.method != zip_format::stored && entry.method != zip_format::deflated)
            throw error(place, "an entry stored (0) or deflated (8)", "method " + std::to_string(entry.method));
        std::vector<std::byte> content =
            entry.method == zip_format::stored ? copy(entry, place) : inflated(entry, place);
        if (zip_format::checksum(content) != entry.crc)
            throw error(place, "checksum " + std::to_string(entry.crc), std::to_string(zip_format::checksum(content)));
        return content;
    }

    static std::vector<std::byte> copy(const zip_format::entry& entry, const std::string& place) {
        if (entry.compressed != entry.size)
            throw error(place, std::to_string(entry.size) + " stored bytes", std::to_string(entry.compressed));
        return {entry.content.begin(), entry.content.end()};
    }

    static std::vector<std::byte> inflated(const zip_format::entry& entry, const std::string& place) {
        const std::string wanted = std::to_string(entry.size) + " bytes when inflated";
        if (entry.size > inflater::limit(entry.compressed))
            throw error(place, wanted, std::to_string(entry.compressed) + " compressed bytes, too few to hold them");
        std::vector<std::byte> content(entry.size);
        inflater source(entry.content, inflater::framing::raw, place);
        const std::size_t filled = source.read(content);
        if (filled != content.size()) throw error(place, wanted, std::to_string(filled));
        if (!source.finished()) throw error(place, wanted, "more");
        if (source.unread() != 0)
            throw error(place, "the end of the entry", std::to_string(source.unread()) + " further bytes");
        return content;
    }

    std::span<const std::byte> bytes_;
    std::string name_;
    std::size_t directory_ = 0;
    std::vector<zip_format::entry> entries_;
};

}  // namespace tessera::detail
