// read_file: all bytes of a regular file.
//
// Cost    one allocation of the file's size.
// Errors  missing, not a regular file, unreadable, shorter than its size says: tessera::error with the path.
#pragma once
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>
#include <tessera/error.hpp>
#include <vector>

namespace tessera {

inline std::vector<std::byte> read_file(const std::filesystem::path& path) {
    std::error_code failure;
    const std::filesystem::file_status status = std::filesystem::status(path, failure);
    if (!std::filesystem::exists(status)) throw error(path.string(), "a file", "none");
    if (std::filesystem::is_directory(status)) throw error(path.string(), "a file", "a folder");
    if (!std::filesystem::is_regular_file(status)) throw error(path.string(), "a regular file", "a device or a pipe");
    const auto size = std::filesystem::file_size(path, failure);
    if (failure) throw error(path.string(), "a file with a size", failure.message());

    const auto close = [](std::FILE* file) { std::fclose(file); };
    const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(path.string().c_str(), "rb"), close);
    if (!file) throw error(path.string(), "a readable file", std::generic_category().message(errno));
    std::vector<std::byte> bytes(static_cast<std::size_t>(size));
    const std::size_t got = std::fread(bytes.data(), 1, bytes.size(), file.get());
    if (got != bytes.size())
        throw error(path.string(), std::to_string(size) + " bytes", std::to_string(got) + " bytes that could be read");
    return bytes;
}

}  // namespace tessera
