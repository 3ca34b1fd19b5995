// picture_content: what a container check finds in a picture file: the bytes to decode, and how to hold the picture.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tessera::detail {

struct picture_content {
    std::span<const std::byte> bytes;  // of the file
    std::vector<std::byte> mended;     // instead of them, where the file holds bytes that belong nowhere
    int orientation = 1;               // EXIF's: 1 as stored, 2 to 8 turned or mirrored

    std::span<const std::byte> to_decode() const { return mended.empty() ? bytes : std::span(mended); }
};

}  // namespace tessera::detail
