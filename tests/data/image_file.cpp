#include <gtest/gtest.h>

#include <string>
#include <tessera/data/byte_order.hpp>
#include <tessera/data/image_file.hpp>
#include <vector>

#include "files.hpp"

namespace {

using tessera::parse_image;
using tests::bytes;
using tests::bytes_of;
using tests::message_of;
using tests::operator+;

// Red, green / blue, white, as another program wrote it.
const bytes png = tests::from_hex(
    "89504e470d0a1a0a0000000d4948445200000002000000020802000000fdd49a730000001649444154789c63f8cfc0c0f09f"
    "819181e1ffffff0c001ef604fd09ed343e0000000049454e44ae426082");
const bytes bmp = tests::from_hex(
    "424d460000000000000036000000280000000200000002000000010018000000000010000000c40e0000c40e000000000000"
    "00000000ff0000ffffff00000000ff00ff000000");
// 8 x 8, grey 128.
const bytes jpeg = tests::from_hex(
    "ffd8ffe000104a46494600010100000100010000ffdb0043001b12141714111b1716171e1c1b2028422b28252528513a3d30"
    "42605565645f555d5b6a7899816a7190735b5d85b586909ea3abadab6780bcc9baa6c799a8aba4ffc0000b08000800080101"
    "1100ffc40014000100000000000000000000000000000000ffc40014100100000000000000000000000000000000ffda0008"
    "010100003f003fffd9");
const bytes ppm =
    bytes_of("P6\n# made by hand\n2 2\n255\n") + bytes_of({255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255});
const bytes pgm = bytes_of("P5 3 1 100\n") + bytes_of({0, 50, 100});

const std::vector<float> colours{1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1};

TEST(image_file, reads_colours_from_every_format) {
    for (const bytes* file : {&png, &bmp, &ppm}) {
        const tessera::image picture = parse_image(*file, "f", 3);
        EXPECT_EQ(picture.extents, (tessera::image_extents{2, 2, 3}));
        EXPECT_EQ(picture.values, colours);
    }
}

TEST(image_file, reads_grey_jpeg) {
    const tessera::image picture = parse_image(jpeg, "f", 1);
    EXPECT_EQ(picture.extents, (tessera::image_extents{8, 8, 1}));
    for (const float value : picture.values) EXPECT_EQ(value, 128.0F / 255.0F);
}

TEST(image_file, divides_by_the_maximum_of_pnm) {
    EXPECT_EQ(parse_image(pgm, "f", 1).values, (std::vector<float>{0, 0.5F, 1}));
    EXPECT_EQ(parse_image(pgm, "f", 3).values, (std::vector<float>{0, 0, 0, 0.5F, 0.5F, 0.5F, 1, 1, 1}));
}

// one with comments among the values, one that ends with its last digit
const bytes text_ppm =
    bytes_of("P3\n# made by hand\n2 2 # columns, rows\n255#\n255 0 0  0 255 0\n#\n0 0 255\t255\r\n255 255");
const bytes text_pgm = bytes_of("P2 3 1 100\n0\n50 100#end");

TEST(image_file, reads_text_pnm) {
    EXPECT_EQ(parse_image(text_ppm, "f", 3).values, colours);
    EXPECT_EQ(parse_image(text_ppm, "f", 3).extents, (tessera::image_extents{2, 2, 3}));
    EXPECT_EQ(parse_image(text_pgm, "f", 1).values, (std::vector<float>{0, 0.5F, 1}));
    EXPECT_EQ(parse_image(text_pgm, "f", 1).extents, (tessera::image_extents{1, 3, 1}));
    EXPECT_EQ(parse_image(bytes_of("P2 2 1 65535 1 65534 \n"), "f", 1).values,
              (std::vector<float>{1 / 65535.0F, 65534 / 65535.0F}));
    EXPECT_EQ(parse_image(bytes_of("P5 1 1 4# maximum\n") + bytes_of({2}), "f", 1).values, (std::vector<float>{0.5F}));
}

TEST(image_file, refuses_bad_text_pnm) {
    const auto message = [](const char* text) { return message_of([&] { parse_image(bytes_of(text), "f", 1); }); };
    EXPECT_EQ(message("P2 2 1 9 1 10\n"), "f, byte 11: expected a value in 0..9, found another text");
    EXPECT_EQ(message("P2 2 1 9 1 -1\n"), "f, byte 11: expected a value in 0..9, found another text");
    EXPECT_EQ(message("P2 2 1 9 1 1x\n"), "f, byte 11: expected a value in 0..9, found another text");
    EXPECT_EQ(message("P2 2 1 9 1 2 3"), "f, byte 13: expected the end of the file, found more than the picture");
    EXPECT_EQ(message("P2 2 1 9 1  #x"), "f, byte 14: expected more of the picture (1 bytes), found 0 bytes");
    EXPECT_EQ(message("P3 1 1 9 1 2"), "f, byte 9: expected 3 values, found 3 bytes");
    EXPECT_EQ(message("P2 16777216 16777216 9 1"), "f, byte 23: expected 281474976710656 values, found 1 bytes");
    EXPECT_EQ(message("P2 1 1"), "f, byte 6: expected more of the picture (1 bytes), found 0 bytes");
    EXPECT_EQ(message("P4 1 1 "),
              "f: expected a PNG, JPEG, BMP, PGM or PPM picture, found bytes that open as none of them");
    for (std::size_t size = 0; size + 2 < text_ppm.size(); ++size)  // without its last digits it is one of other values
        EXPECT_THROW(parse_image(std::span(text_ppm).first(size), "f", 3), tessera::error) << size;
}

TEST(image_file, turns_colours_to_grey_by_luma) {
    const std::vector<float> luma{0.299F, 0.587F, 0.114F, 1.0F};
    for (const bytes* file : {&png, &bmp, &ppm}) {
        const tessera::image picture = parse_image(*file, "f", 1);
        ASSERT_EQ(picture.values.size(), 4U);
        for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(picture.values[i], luma[i], 0.005F);
    }
}

TEST(image_file, refuses_every_shorter_file) {
    for (const bytes* file : {&png, &bmp, &jpeg, &ppm, &pgm})
        for (std::size_t size = 0; size < file->size(); ++size) {
            EXPECT_THROW(parse_image(std::span(*file).first(size), "f", 3), tessera::error) << size;
        }
}

TEST(image_file, refuses_damage) {
    bytes damaged = png;
    damaged[45] ^= std::byte{4};
    EXPECT_EQ(message_of([&] { parse_image(damaged, "f", 3); }),
              "f, byte 37: expected a chunk whose checksum is right, found a damaged one");
    for (const bytes* file : {&ppm, &pgm})
        EXPECT_EQ(message_of([&] { parse_image(*file + bytes_of({0}), "f", 3); }),
                  "f, byte " + std::to_string(file->size()) + ": expected the end of the file, found 1 further bytes");
}

TEST(image_file, passes_over_bytes_behind_the_end) {
    for (const bytes* file : {&png, &jpeg})
        for (const bytes& rest : {bytes_of({0}), bytes_of({0xFF}), *file})
            EXPECT_EQ(parse_image(*file + rest, "f", 3).values, parse_image(*file, "f", 3).values);
}

TEST(image_file, passes_over_bytes_between_segments_of_a_jpeg) {
    const auto at = static_cast<std::ptrdiff_t>(2 + 18);  // after the first segment
    for (const bytes& stray : {bytes_of({0}), bytes_of({0xFF}), bytes_of({1, 0xFF, 0, 2})}) {
        const bytes strewn = bytes(jpeg.begin(), jpeg.begin() + at) + stray + bytes(jpeg.begin() + at, jpeg.end());
        EXPECT_EQ(parse_image(strewn, "f", 1).values, parse_image(jpeg, "f", 1).values);
    }
}

TEST(image_file, keeps_16_bits_of_pnm) {
    const bytes deep = bytes_of("P5 2 1 65535\n") + bytes_of({0, 1, 255, 254});
    EXPECT_EQ(parse_image(deep, "f", 1).values, (std::vector<float>{1 / 65535.0F, 65534 / 65535.0F}));
    const bytes colour = bytes_of("P6 1 1 300\n") + bytes_of({0, 3, 1, 44, 0, 0});
    EXPECT_EQ(parse_image(colour, "f", 3).values, (std::vector<float>{3 / 300.0F, 1, 0}));
    EXPECT_EQ(message_of([] { parse_image(bytes_of("P5 1 1 300\n") + bytes_of({1, 45}), "f", 1); }),
              "f, byte 11: expected a value in 0..300, found 301");
}

TEST(exif_orientation, is_1_where_the_block_says_nothing) {
    const bytes little = bytes_of({'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0});
    const bytes big = bytes_of({'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 7, 0, 0});
    EXPECT_EQ(tessera::detail::exif_orientation(little), 6);
    EXPECT_EQ(tessera::detail::exif_orientation(big), 7);
    for (std::size_t size = 0; size < little.size(); ++size)
        EXPECT_EQ(tessera::detail::exif_orientation(std::span(little).first(size)), 1) << size;
    for (const int value : {0, 9, 255}) {
        bytes other = little;
        other[18] = static_cast<std::byte>(value);
        EXPECT_EQ(tessera::detail::exif_orientation(other), 1);
    }
    bytes far = little;
    far[7] = std::byte{255};
    EXPECT_EQ(tessera::detail::exif_orientation(far), 1);
}

TEST(image_file, refuses_unknown_formats) {
    EXPECT_EQ(message_of([] { parse_image(bytes_of("GIF89a"), "f", 3); }),
              "f: expected a PNG, JPEG, BMP, PGM or PPM picture, found bytes that open as none of them");
    EXPECT_EQ(message_of([] { parse_image({}, "f", 3); }),
              "f: expected a PNG, JPEG, BMP, PGM or PPM picture, found an empty file");
    EXPECT_EQ(message_of([] { parse_image(png, "f", 2); }), "parse_image: expected 1 or 3 channels, found 2");
}

TEST(image_file, refuses_bad_pnm_headers) {
    EXPECT_EQ(message_of([] { parse_image(bytes_of("P5 0 1 255\n"), "f", 1); }),
              "f, byte 3: expected a width in 1..16777216, found another text");
    EXPECT_EQ(message_of([] { parse_image(bytes_of("P5 1 x 255\n"), "f", 1); }),
              "f, byte 5: expected a height in 1..16777216, found another text");
    EXPECT_EQ(message_of([] { parse_image(bytes_of("P5 1 1 65536\n"), "f", 1); }),
              "f, byte 7: expected a maximum in 1..65535, found another text");
    EXPECT_EQ(message_of([] { parse_image(bytes_of("P5 1 1 9\n") + bytes_of({10}), "f", 1); }),
              "f, byte 9: expected a value in 0..9, found 10");
    EXPECT_EQ(message_of([] { parse_image(bytes_of("P5 1 16777216 9\n"), "f", 1); }),
              "f, byte 16: expected the rows of the picture (16777216 bytes), found 0 bytes");
}

TEST(image_file, refuses_a_picture_too_large_for_its_file) {
    bytes huge = jpeg;
    // The frame header's height and width, after its marker, length and precision.
    const std::size_t frame = 2 + 18 + 69 + 5;
    tessera::detail::store_bytes(std::uint16_t{65535}, huge.data() + frame, std::endian::big);
    tessera::detail::store_bytes(std::uint16_t{65535}, huge.data() + frame + 2, std::endian::big);
    EXPECT_NE(message_of([&] { parse_image(huge, "f", 1); }).find("expected a picture that fits its file"),
              std::string::npos);
}

TEST(image_file, refuses_a_huffman_table_of_too_many_codes) {
    bytes bad = jpeg;
    const std::size_t counts = 2 + 18 + 69 + 13 + 5;  // of the first table, after its marker, length and number
    bad[counts] = std::byte{255};
    bad[counts + 1] = std::byte{2};
    EXPECT_NE(message_of([&] { parse_image(bad, "f", 1); }).find("expected at most 256 codes, found 25"),
              std::string::npos);
}

TEST(image_file, refuses_a_scan_whose_tables_are_missing) {
    const auto without = [](std::size_t start, std::size_t size) {
        bytes file = jpeg;
        file.erase(file.begin() + static_cast<std::ptrdiff_t>(start),
                   file.begin() + static_cast<std::ptrdiff_t>(start + size));
        return message_of([&] { parse_image(file, "f", 1); });
    };
    const std::size_t quantiser = 2 + 18, frame = quantiser + 69, first = frame + 13, second = first + 22;
    ASSERT_EQ(jpeg[second + 1], std::byte{0xC4});
    const std::string wanted = "expected a scan whose tables the file has, found a ";
    EXPECT_EQ(without(quantiser, 69), "f, byte 79: " + wanted + "quantisation table that is missing");
    EXPECT_EQ(without(first, 22), "f, byte 126: " + wanted + "Huffman table that is missing");
    EXPECT_EQ(without(second, 22), "f, byte 126: " + wanted + "Huffman table that is missing");
    EXPECT_NE(without(frame, 13), "");
}

TEST(image_file, refuses_missing_rows_of_a_bmp) {
    bytes bad = bmp;
    bad[22] = std::byte{3};
    EXPECT_EQ(message_of([&] { parse_image(bad, "f", 3); }),
              "f, byte 70: expected 3 rows of 8 bytes from byte 54, found the end of the file");
}

TEST(image_file, reads_files) {
    const tests::folder folder;
    EXPECT_EQ(tessera::read_image(folder.write("a.png", png), 3).values, colours);
    const auto none = folder.path() / "none.png";
    EXPECT_EQ(message_of([&] { tessera::read_image(none, 3); }), none.string() + ": expected a file, found none");
}

}  // namespace
