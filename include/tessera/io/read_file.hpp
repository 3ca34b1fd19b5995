// read_file: the whole of a regular file, in memory.
//
// Errors  tessera::error naming the path and the system's reason: missing, unreadable, a folder or another thing
//         that is not a regular file, or a file that shrinks while it is read.
#pragma once
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <string>
#include <tessera/error/error.hpp>
#include <tessera/io/file_descriptor.hpp>
#include <tessera/io/io_error.hpp>
#include <vector>

namespace tessera {

namespace detail {

inline std::size_t regular_file_size(const file_descriptor& file, const std::filesystem::path& path) {
    struct stat status{};
    if (::fstat(file.number(), &status) != 0) throw io_error(path, "a readable file");
    if (S_ISDIR(status.st_mode)) throw error(path.string(), "a file", "a folder");
    if (!S_ISREG(status.st_mode)) throw error(path.string(), "a regular file", "a device or a pipe");
    return static_cast<std::size_t>(status.st_size);
}

inline file_descriptor opened_for_reading(const std::filesystem::path& path) {
    // O_NONBLOCK: opening a pipe that nobody writes to must not hang. It has no effect on regular files.
    file_descriptor file(path, O_RDONLY | O_NONBLOCK);
    if (!file && errno == ENOENT) throw error(path.string(), "a file", "none");
    if (!file) throw io_error(path, "a readable file");
    return file;
}

inline std::vector<std::byte> read_file(const std::filesystem::path& path) {
    const file_descriptor file = opened_for_reading(path);
    std::vector<std::byte> bytes(detail::regular_file_size(file, path));
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t count = ::read(file.number(), bytes.data() + done, bytes.size() - done);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw io_error(path, "a readable file");
        if (count == 0) {
            throw error(path.string(), std::to_string(bytes.size()) + " bytes", std::to_string(done) + " bytes");
        }
        done += static_cast<std::size_t>(count);
    }
    return bytes;
}

}  // namespace detail

}  // namespace tessera
