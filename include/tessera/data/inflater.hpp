// inflater: decompresses bytes in memory (zlib).
//
//   inflater(input, framing, name)   framing: gzip, or raw as inside a zip archive
//   read(out)                        fills `out`; fewer bytes only at the end of the stream
//
// limit(n): no n compressed bytes hold more than this (deflate's best is 1032 to 1), so a size from a header
// can be refused before it is allocated.
//
// Errors  damaged or truncated stream: tessera::error with the name and the offset in the compressed bytes.
#pragma once
#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <tessera/error/error.hpp>
#include <utility>

namespace tessera::detail {

class inflater {
  public:
    enum class framing { gzip, raw };

    inflater(std::span<const std::byte> input, framing frame, std::string name)
        : input_(input), name_(std::move(name)) {
        const int window_bits = frame == framing::gzip ? 16 + MAX_WBITS : -MAX_WBITS;
        if (inflateInit2(&stream_, window_bits) != Z_OK) throw error(name_, "memory to inflate", "none");
    }
    inflater(const inflater&) = delete;
    inflater& operator=(const inflater&) = delete;
    ~inflater() { inflateEnd(&stream_); }

    std::size_t read(std::span<std::byte> out) {
        std::size_t filled = 0;
        while (filled < out.size() && !finished_) filled += step(out.subspan(filled));
        return filled;
    }

    // Whether the whole stream was read, its checksum included; reads on if the next byte may be the end.
    bool finished() {
        std::byte spare;
        return finished_ || (read({&spare, 1}) == 0 && finished_);
    }

    // Compressed bytes after the end of the stream; meaningful once finished.
    std::size_t unread() const { return input_.size() - taken_; }

    static std::uint64_t limit(std::size_t compressed) { return std::uint64_t{compressed} * 1032 + 64; }

  private:
    std::size_t step(std::span<std::byte> out) {
        const auto chunk = [](std::size_t size) {
            return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
        };
        const uInt offered = chunk(unread());
        const uInt room = chunk(out.size());
        stream_.next_in = reinterpret_cast<z_const Bytef*>(const_cast<std::byte*>(input_.data() + taken_));
        stream_.avail_in = offered;
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = room;
        const int status = inflate(&stream_, Z_NO_FLUSH);
        taken_ += offered - stream_.avail_in;
        finished_ = status == Z_STREAM_END;
        if (status != Z_OK && !finished_) fail(status);
        return room - stream_.avail_out;
    }

    [[noreturn]] void fail(int status) const {
        const std::string reason = status == Z_BUF_ERROR ? "the end of the file"
                                   : stream_.msg         ? stream_.msg
                                                         : "zlib error " + std::to_string(status);
        throw error(name_ + ", compressed byte " + std::to_string(taken_), "compressed data", reason);
    }

    std::span<const std::byte> input_;
    std::string name_;
    z_stream stream_{};
    std::size_t taken_ = 0;
    bool finished_ = false;
};

}  // namespace tessera::detail
