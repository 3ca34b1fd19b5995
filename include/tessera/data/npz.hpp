// read_npz, write_npz, parse_npz, npz_bytes: named arrays in one file, NumPy's .npz (a zip archive of .npy files).
//
//   read_npz(path)          all arrays by name, the name without ".npy"
//   read_npz(path, name)    one of them; the others are not decompressed
//   write_npz(path, arrays, npz_compression::deflated)
//
// Errors  what the archive or an array refuses, and entries that are no .npy: tessera::error. zip64 is refused.
#pragma once
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tessera/data/npy.hpp>
#include <tessera/data/npy_array.hpp>
#include <tessera/data/zip_archive.hpp>
#include <tessera/data/zip_writer.hpp>
#include <tessera/error.hpp>
#include <tessera/io/read_file.hpp>
#include <tessera/io/write_file.hpp>
#include <vector>

namespace tessera {

using npz_arrays = std::map<std::string, npy_array, std::less<>>;

enum class npz_compression { stored, deflated };

inline npy_array parse_npz(std::span<const std::byte> file, const std::string& name, std::string_view array) {
    const std::string entry = std::string(array) + ".npy";
    return parse_npy(zip_archive(file, name).extract(entry), name + ", entry \"" + entry + "\"");
}

inline npz_arrays parse_npz(std::span<const std::byte> file, const std::string& name) {
    const zip_archive archive(file, name);
    npz_arrays arrays;
    for (const std::string& entry : archive.names()) {
        const std::string place = name + ", entry \"" + entry + "\"";
        if (!entry.ends_with(".npy")) throw error(place, "a name that ends in .npy", "another");
        arrays.emplace(entry.substr(0, entry.size() - 4), parse_npy(archive.extract(entry), place));
    }
    return arrays;
}

inline std::vector<std::byte> npz_bytes(const npz_arrays& arrays,
                                        npz_compression compression = npz_compression::stored) {
    zip_writer writer(compression == npz_compression::deflated);
    for (const auto& [name, array] : arrays) writer.add(name + ".npy", npy_bytes(array));
    return writer.finish();
}

inline npz_arrays read_npz(const std::filesystem::path& path) { return parse_npz(read_file(path), path.string()); }

inline npy_array read_npz(const std::filesystem::path& path, std::string_view array) {
    return parse_npz(read_file(path), path.string(), array);
}

inline void write_npz(const std::filesystem::path& path, const npz_arrays& arrays,
                      npz_compression compression = npz_compression::stored) {
    write_file(path, npz_bytes(arrays, compression));
}

}  // namespace tessera
