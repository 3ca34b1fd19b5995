// read_idx_dataset: a pair of IDX files, images and labels, as a dataset.
//
//   images   u8, (N, H, W) or (N, H, W, C); scaled to [0, 1]
//   labels   u8, (N); in 0 .. classes - 1
//
// Errors  other element types or ranks, no image, counts that differ, labels out of range: tessera::error.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <tessera/data/dataset.hpp>
#include <tessera/data/idx.hpp>
#include <tessera/error/error.hpp>
#include <utility>
#include <vector>

namespace tessera {

namespace detail {

namespace idx_format {

inline const std::vector<std::uint8_t>& bytes_of(const idx_array& array, const std::string& name) {
    const auto* bytes = array.of<std::uint8_t>();
    if (!bytes) throw error(name + ", byte 2", "elements of type u8 (8)", "another type");
    return *bytes;
}

inline image_extents image_extents_of(const idx_array& array, const std::string& name) {
    const std::vector<std::size_t>& extents = array.extents;
    if (extents.size() != 3 && extents.size() != 4)
        throw error(name + ", byte 3", "images of 3 or 4 dimensions", std::to_string(extents.size()));
    if (array.size() == 0) throw error(name + ", byte 4", "at least one image of at least one pixel", "none");
    return {extents[1], extents[2], extents.size() == 4 ? extents[3] : 1};
}

}  // namespace idx_format

}  // namespace detail

inline dataset read_idx_dataset(const std::filesystem::path& images, const std::filesystem::path& labels,
                                std::vector<std::string> class_names) {
    const idx_array pixels = read_idx(images);
    const idx_array classes = read_idx(labels);
    dataset data;
    data.class_names = std::move(class_names);
    data.extents = detail::idx_format::image_extents_of(pixels, images.string());
    data.images.reserve(pixels.size());
    for (const std::uint8_t pixel : detail::idx_format::bytes_of(pixels, images.string()))
        data.images.push_back(static_cast<float>(pixel) / 255.0F);
    if (classes.extents.size() != 1)
        throw error(labels.string() + ", byte 3", "labels of 1 dimension", std::to_string(classes.extents.size()));
    if (classes.extents[0] != pixels.extents[0])
        throw error(labels.string() + ", byte 4", std::to_string(pixels.extents[0]) + " labels, one an image",
                    std::to_string(classes.extents[0]));
    const auto& indices = detail::idx_format::bytes_of(classes, labels.string());
    data.labels.assign(indices.begin(), indices.end());
    data.check(labels.string());
    return data;
}

// Classes without names are called "0", "1", ...
inline dataset read_idx_dataset(const std::filesystem::path& images, const std::filesystem::path& labels,
                                std::size_t classes) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < classes; ++i) names.push_back(std::to_string(i));
    return read_idx_dataset(images, labels, std::move(names));
}

}  // namespace tessera
