// write_safetensors: named tensors to a safetensors file, crash-safe (atomic_file), the same bytes for the same
// tensors (safetensors_layout).
//
// Cost    one pass over the data; it is not copied.
// Errors  tessera::error, of safetensors_layout and atomic_file; the target is then as it was.
#pragma once
#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <tessera/io/atomic_file.hpp>
#include <tessera/io/safetensors/safetensors_layout.hpp>

namespace tessera {

inline void write_safetensors(const std::filesystem::path& path, std::span<const tensor_entry> entries,
                              const std::map<std::string, std::string>& metadata = {}, std::size_t line = 0) {
    const detail::safetensors_layout layout(entries, metadata, path.string(), line);
    detail::atomic_file file(path);
    file.write(std::as_bytes(std::span(layout.prefix)));
    for (const tensor_entry* entry : layout.order) file.write(entry->bytes);
    file.commit();
}

}  // namespace tessera
