// read_image, parse_image: a PNG, JPEG, BMP, PGM or PPM picture as (H, W, C), values in [0, 1].
//
//   channels   1: grey, 3: RGB; a picture of the other kind is converted, transparency is dropped
//
// PGM and PPM are binary or text. 16-bit PNG, PGM and PPM keep their 16 bits. A picture that says in its EXIF data how
// the camera was held is turned upright. Bytes after the end of a JPEG or PNG and between the segments of a JPEG are
// passed over.
// PNM is read by the library; the others are decoded by stb_image, of which this header keeps a private copy: a
// translation unit that uses stb_image on its own includes it elsewhere.
//
// Errors  unknown format, damaged or truncated file, a picture too large for its file: tessera::error.
#pragma once
#ifdef STBI_INCLUDE_STB_IMAGE_H
#error "tessera: <tessera/data/image_file.hpp> holds a private copy of stb_image; do not include stb_image.h before it"
#endif
#include <cstddef>
#include <filesystem>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tessera/data/check_bmp.hpp>
#include <tessera/data/check_jpeg.hpp>
#include <tessera/data/check_png.hpp>
#include <tessera/data/image.hpp>
#include <tessera/data/picture_content.hpp>
#include <tessera/data/pnm.hpp>
#include <tessera/error/error.hpp>
#include <tessera/io/read_file.hpp>
#include <vector>

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wall"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wunused-function"
#endif
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_ONLY_BMP
#define STBI_NO_STDIO
#define STBI_MAX_DIMENSIONS (1 << 16)
#include <stb/stb_image.h>
#undef STB_IMAGE_IMPLEMENTATION
#undef STB_IMAGE_STATIC
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

namespace tessera {

namespace detail {

namespace image_format {

// More values a byte of file than any format needs for a picture with content.
inline constexpr std::size_t most_values_a_byte = 4096;

inline std::size_t decoded_size(std::span<const std::byte> file, const std::string& name) {
    int width = 0, height = 0, channels = 0;
    const auto* bytes = reinterpret_cast<const stbi_uc*>(file.data());
    if (file.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
        !stbi_info_from_memory(bytes, static_cast<int>(file.size()), &width, &height, &channels))
        throw error(name, "a PNG, JPEG, BMP, PGM or PPM picture", "another or a damaged file");
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4;
}

inline bool opens_with(std::span<const std::byte> file, std::string_view magic) {
    return file.size() >= magic.size() &&
           std::string_view(reinterpret_cast<const char*>(file.data()), magic.size()) == magic;
}

inline picture_content check_container(std::span<const std::byte> file, const std::string& name) {
    if (opens_with(file, png_magic)) return check_png(file, name);
    if (opens_with(file, jpeg_magic)) return check_jpeg(file, name);
    if (opens_with(file, bmp_magic)) {
        check_bmp(file, name);
        return {file, {}, 1};
    }
    throw error(name, "a PNG, JPEG, BMP, PGM or PPM picture",
                file.empty() ? "an empty file" : "bytes that open as none of them");
}

// Load: stb_image's function for values of this type, which are divided by the largest.
template <class Value, class Load>
image load_values(std::span<const std::byte> file, const std::string& name, std::size_t channels, Load load) {
    int width = 0, height = 0, stored = 0;
    const auto release = [](Value* pixels) { stbi_image_free(pixels); };
    const std::unique_ptr<Value, decltype(release)> pixels(
        load(reinterpret_cast<const stbi_uc*>(file.data()), static_cast<int>(file.size()), &width, &height, &stored,
             static_cast<int>(channels)),
        release);
    if (!pixels) throw error(name, "a picture that can be decoded", std::string(stbi_failure_reason()));
    image picture{{static_cast<std::size_t>(height), static_cast<std::size_t>(width), channels}, {}};
    picture.values.reserve(picture.extents.size());
    constexpr auto largest = static_cast<float>(std::numeric_limits<Value>::max());
    for (std::size_t i = 0; i < picture.extents.size(); ++i)
        picture.values.push_back(static_cast<float>(pixels.get()[i]) / largest);
    return picture;
}

inline image decode(std::span<const std::byte> file, const std::string& name, std::size_t channels) {
    const picture_content content = check_container(file, name);
    const std::span<const std::byte> bytes = content.to_decode();
    if (decoded_size(bytes, name) / most_values_a_byte > bytes.size())
        throw error(
            name, "a picture that fits its file",
            std::to_string(decoded_size(bytes, name)) + " values in " + std::to_string(bytes.size()) + " bytes");
    const bool deep =
        stbi_is_16_bit_from_memory(reinterpret_cast<const stbi_uc*>(bytes.data()), static_cast<int>(bytes.size())) != 0;
    return upright(deep ? load_values<stbi_us>(bytes, name, channels, stbi_load_16_from_memory)
                        : load_values<stbi_uc>(bytes, name, channels, stbi_load_from_memory),
                   content.orientation);
}

// Grey to RGB by copying; RGB to grey by the luma weights of ITU-R BT.601.
inline image with_channels(image from, std::size_t channels) {
    if (from.extents.channels == channels) return from;
    image to{{from.extents.height, from.extents.width, channels}, {}};
    to.values.reserve(to.extents.size());
    for (auto it = from.values.begin(); it != from.values.end();
         it += static_cast<std::ptrdiff_t>(from.extents.channels)) {
        if (channels == 3)
            to.values.insert(to.values.end(), 3, *it);
        else
            to.values.push_back(0.299F * it[0] + 0.587F * it[1] + 0.114F * it[2]);
    }
    return to;
}

}  // namespace image_format

}  // namespace detail

inline image parse_image(std::span<const std::byte> file, const std::string& name, std::size_t channels) {
    if (channels != 1 && channels != 3) throw error("parse_image", "1 or 3 channels", std::to_string(channels));
    if (detail::is_pnm(file)) return detail::image_format::with_channels(parse_pnm(file, name), channels);
    return detail::image_format::decode(file, name, channels);
}

inline image read_image(const std::filesystem::path& path, std::size_t channels) {
    return parse_image(detail::read_file(path), path.string(), channels);
}

}  // namespace tessera
