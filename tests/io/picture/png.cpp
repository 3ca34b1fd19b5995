#include "../../temporary_folder.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <tessera/error/error.hpp>
#include <tessera/io/picture/png.hpp>
#include <tessera/io/read_file.hpp>
#include <utility>
#include <vector>

// A program may have its own copy of the encoder beside ours, and another library reads what we wrote.
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#include <stb/stb_image_write.h>
#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#include <stb/stb_image.h>

namespace {

namespace fs = std::filesystem;
using tessera::canvas;
using tessera::rgb;

canvas pattern(int width, int height) {
    canvas picture(width, height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            picture.set(
                x, y,
                {static_cast<std::uint8_t>(x * 7), static_cast<std::uint8_t>(y * 5), static_cast<std::uint8_t>(x * y)});
        }
    }
    return picture;
}

void expect_same(const std::vector<std::byte>& png, const canvas& picture) {
    int width = 0, height = 0, channels = 0;
    const std::unique_ptr<unsigned char, void (*)(void*)> pixels(
        stbi_load_from_memory(reinterpret_cast<const unsigned char*>(png.data()), static_cast<int>(png.size()), &width,
                              &height, &channels, 0),
        stbi_image_free);
    ASSERT_NE(pixels, nullptr);
    ASSERT_EQ(width, picture.width());
    ASSERT_EQ(height, picture.height());
    ASSERT_EQ(channels, 3);
    for (std::size_t i = 0; i < picture.bytes().size(); ++i) ASSERT_EQ(pixels.get()[i], picture.bytes()[i]) << i;
}

TEST(png, another_reader_sees_the_same_pixels) {
    for (const auto& [width, height] : {std::pair(1, 1), std::pair(3, 200), std::pair(117, 64)}) {
        const canvas picture = pattern(width, height);
        expect_same(tessera::encode_png(picture), picture);
    }
}

TEST(png, the_same_picture_gives_the_same_bytes) {
    EXPECT_EQ(tessera::encode_png(pattern(50, 40)), tessera::encode_png(pattern(50, 40)));
}

TEST(png, writes_a_whole_file_or_an_error) {
    const tests::temporary_folder own;
    const fs::path& folder = own.path();
    const canvas picture = pattern(20, 10);
    tessera::write_png(folder / "a.png", picture);
    expect_same(tessera::detail::read_file(folder / "a.png"), picture);
    EXPECT_THROW(tessera::write_png(folder / "missing" / "a.png", picture), tessera::error);
}

}  // namespace
