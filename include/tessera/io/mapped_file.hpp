// mapped_file: a regular file in memory for reading, without a copy: its pages come as they are read.
//
// The bytes begin on a page. What another program writes into the file is seen; if it cuts the file short, reading what
// is gone ends the program (SIGBUS). A file that is renamed over it, as all that the library writes is, changes nothing.
//
// Errors  tessera::error naming the path and the system's reason, as read_file.
#pragma once
#include <fcntl.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <span>
#include <tessera/io/file_descriptor.hpp>
#include <tessera/io/io_error.hpp>
#include <tessera/io/read_file.hpp>
#include <utility>

namespace tessera::detail {

class mapped_file {
  public:
    explicit mapped_file(const std::filesystem::path& path) {
        const file_descriptor file = opened_for_reading(path);
        size_ = regular_file_size(file, path);
        if (size_ == 0) return;
        void* const start = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.number(), 0);
        if (start == MAP_FAILED) throw io_error(path, "a file that can be mapped");
        start_ = static_cast<const std::byte*>(start);
    }
    mapped_file(mapped_file&& other) noexcept
        : start_(std::exchange(other.start_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    mapped_file& operator=(mapped_file&& other) noexcept {
        std::swap(start_, other.start_);
        std::swap(size_, other.size_);
        return *this;
    }
    ~mapped_file() {
        if (start_) ::munmap(const_cast<std::byte*>(start_), size_);
    }

    std::span<const std::byte> bytes() const noexcept { return {start_, size_}; }

  private:
    const std::byte* start_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace tessera::detail
