// PNG files of canvases.
//
//   encode_png(picture)        -> the bytes of the file
//   write_png(path, picture)   crash-safe (atomic_file)
//
// stb_image_write does the encoding. Its implementation is private to this header: it sits in a namespace of its own
// with internal linkage, whatever the program does with its own copy.
// Errors  tessera::error: the file cannot be written, or the encoder is out of memory.
#pragma once
#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <tessera/error/error.hpp>
#include <tessera/io/picture/canvas.hpp>
#include <tessera/io/write_file.hpp>
#include <vector>

#pragma push_macro("INCLUDE_STB_IMAGE_WRITE_H")
#pragma push_macro("STB_IMAGE_WRITE_STATIC")
#pragma push_macro("STB_IMAGE_WRITE_IMPLEMENTATION")
#pragma push_macro("STBI_WRITE_NO_STDIO")
#pragma push_macro("STBIWDEF")
#undef INCLUDE_STB_IMAGE_WRITE_H
#undef STB_IMAGE_WRITE_STATIC
#undef STB_IMAGE_WRITE_IMPLEMENTATION
#undef STBI_WRITE_NO_STDIO
#undef STBIWDEF
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
namespace tessera::detail::stb {
using ::abs;  // not the one of values
#include <stb/stb_image_write.h>
}  // namespace tessera::detail::stb
#pragma pop_macro("STBIWDEF")
#pragma pop_macro("STBI_WRITE_NO_STDIO")
#pragma pop_macro("STB_IMAGE_WRITE_IMPLEMENTATION")
#pragma pop_macro("STB_IMAGE_WRITE_STATIC")
#pragma pop_macro("INCLUDE_STB_IMAGE_WRITE_H")

namespace tessera {

inline std::vector<std::byte> encode_png(const canvas& picture) {
    std::vector<std::byte> bytes;
    const auto append = [](void* target, void* data, int size) {
        const auto* const first = static_cast<const std::byte*>(data);
        static_cast<std::vector<std::byte>*>(target)->insert(static_cast<std::vector<std::byte>*>(target)->end(), first,
                                                             first + size);
    };
    const int done = detail::stb::stbi_write_png_to_func(append, &bytes, picture.width(), picture.height(), 3,
                                                         picture.bytes().data(), 3 * picture.width());
    if (done == 0) throw error("encode_png", "memory for the picture", "none");
    return bytes;
}

inline void write_png(const std::filesystem::path& path, const canvas& picture) {
    detail::write_file(path, encode_png(picture));
}

}  // namespace tessera
