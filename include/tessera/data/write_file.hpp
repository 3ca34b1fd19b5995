// write_file: replaces a file as a whole.
//
// The bytes go to a temporary file in the same folder, are synced, and the file is renamed over the target: a reader
// sees the old content or the new, never a part, and a failure leaves the old content in place.
//
// Errors  folder missing or not writable, disk full: tessera::error with the path.
#pragma once
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <system_error>
#include <tessera/error.hpp>

namespace tessera {

inline void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
    std::string temporary = path.string() + ".XXXXXX";
    const int file = ::mkstemp(temporary.data());
    const auto fail = [&](const std::string& wanted, int reason) {
        if (file >= 0) ::unlink(temporary.c_str());
        throw error(path.string(), wanted, std::generic_category().message(reason));
    };
    if (file < 0) fail("a folder that can be written", errno);

    bool written = ::fchmod(file, 0644) == 0;
    while (written && !bytes.empty()) {
        const ssize_t count = ::write(file, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        written = count >= 0;
        if (written) bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    written = written && ::fsync(file) == 0;
    const int reason = errno;
    if (::close(file) != 0 && written) fail("room for the file", errno);
    if (!written) fail("room for the file", reason);
    if (::rename(temporary.c_str(), path.c_str()) != 0) fail("a name that can be replaced", errno);
}

}  // namespace tessera
