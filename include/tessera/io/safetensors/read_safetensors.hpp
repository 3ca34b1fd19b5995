// read_safetensors: a safetensors file, whole and checked.
//
// Errors  tessera::error, of read_file and parse_safetensors.
#pragma once
#include <filesystem>
#include <tessera/io/read_file.hpp>
#include <tessera/io/safetensors/parse_safetensors.hpp>

namespace tessera {

inline tensor_file read_safetensors(const std::filesystem::path& path) {
    return parse_safetensors(detail::read_file(path), path.string());
}

}  // namespace tessera
