// image_extents: height, width and channels of one image. The feature axis is last: pixel (y, x) starts at
// (y * width + x) * channels.
#pragma once
#include <cstddef>
#include <string>
#include <tessera/error/error.hpp>

namespace tessera {

struct image_extents {
    std::size_t height = 0;
    std::size_t width = 0;
    std::size_t channels = 0;

    constexpr std::size_t size() const { return height * width * channels; }
    friend constexpr bool operator==(const image_extents&, const image_extents&) = default;
};

[[gnu::cold]] inline std::string to_string(const image_extents& extents) {
    return detail::sentence(extents.height, " x ", extents.width, " x ", extents.channels);
}

}  // namespace tessera
