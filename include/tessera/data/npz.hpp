// read_npz, write_npz, parse_npz, npz_bytes: named arrays in one file, NumPy's .npz (a zip archive of .npy files).
//
//   read_npz(path)          all arrays by name, the name without ".npy"; what cannot be read does not stop the others
//   read_npz(path, name)    one of them; the others are not decompressed
//   write_npz(path, arrays, npz_compression::deflated)
//
//   arrays.at(name)         the array, or an error that says why it could not be read
//   arrays.unread           the reason, by name, for each entry that could not: Python objects, another compression,
//                           damage, no .npy
//
// Errors  what the archive refuses, and an array that is asked for: tessera::error. zip64 is refused.
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
#include <tessera/error/error.hpp>
#include <tessera/io/read_file.hpp>
#include <tessera/io/write_file.hpp>
#include <utility>
#include <vector>

namespace tessera {

struct npz_arrays : std::map<std::string, npy_array, std::less<>> {
    std::map<std::string, std::string, std::less<>> unread;

    const npy_array& at(std::string_view name) const {
        if (const auto found = find(name); found != end()) return found->second;
        if (const auto reason = unread.find(name); reason != unread.end()) throw error(reason->second);
        throw error("npz_arrays", "an array \"" + std::string(name) + "\"", "none of that name");
    }
    npy_array& at(std::string_view name) { return const_cast<npy_array&>(std::as_const(*this).at(name)); }
};

enum class npz_compression { stored, deflated };

inline npy_array parse_npz(std::span<const std::byte> file, const std::string& name, std::string_view array) {
    const std::string entry = std::string(array) + ".npy";
    return parse_npy(detail::zip_archive(file, name).extract(entry), name + ", entry \"" + entry + "\"");
}

inline npz_arrays parse_npz(std::span<const std::byte> file, const std::string& name) {
    const detail::zip_archive archive(file, name);
    npz_arrays arrays;
    for (const std::string& entry : archive.names()) {
        const std::string place = name + ", entry \"" + entry + "\"";
        const bool is_array = entry.ends_with(".npy");
        const std::string key = is_array ? entry.substr(0, entry.size() - 4) : entry;
        try {
            if (!is_array) throw error(place, "a name that ends in .npy", "another");
            arrays.emplace(key, parse_npy(archive.extract(entry), place));
        } catch (const error& reason) {
            arrays.unread.emplace(key, reason.what());
        }
    }
    return arrays;
}

inline std::vector<std::byte> npz_bytes(const npz_arrays& arrays,
                                        npz_compression compression = npz_compression::stored) {
    detail::zip_writer writer(compression == npz_compression::deflated);
    for (const auto& [name, array] : arrays) writer.add(name + ".npy", npy_bytes(array));
    return writer.finish();
}

inline npz_arrays read_npz(const std::filesystem::path& path) {
    return parse_npz(detail::read_file(path), path.string());
}

inline npy_array read_npz(const std::filesystem::path& path, std::string_view array) {
    return parse_npz(detail::read_file(path), path.string(), array);
}

inline void write_npz(const std::filesystem::path& path, const npz_arrays& arrays,
                      npz_compression compression = npz_compression::stored) {
    detail::write_file(path, npz_bytes(arrays, compression));
}

}  // namespace tessera
