// write_file: the bytes as a whole file, crash-safe (atomic_file).
//
// Errors  tessera::error naming the path and the system's reason; the target is then as it was.
#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <tessera/io/atomic_file.hpp>

namespace tessera::detail {

inline void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
    atomic_file file(path);
    file.write(bytes);
    file.commit();
}

}  // namespace tessera::detail
