#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdint>
#include <tessera/data/idx.hpp>
#include <tessera/data/idx_dataset.hpp>
#include <vector>

#include "files.hpp"

namespace {

using tessera::parse_idx;
using tests::bytes;
using tests::operator+;
using tests::bytes_of;
using tests::message_of;

// Two images of 2 x 3.
bytes small_images() {
    return bytes_of({0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6});
}
bytes small_labels(int first = 1) { return bytes_of({0, 0, 8, 1, 0, 0, 0, 2, first, 0}); }

bytes gzipped(const bytes& content) {
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    bytes packed(deflateBound(&stream, static_cast<uLong>(content.size())));
    bytes input = content;
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

TEST(idx, reads_bytes_compactly) {
    const tessera::idx_array array = parse_idx(small_images(), "f");
    EXPECT_EQ(array.extents, (std::vector<std::size_t>{2, 2, 3}));
    ASSERT_NE(array.of<std::uint8_t>(), nullptr);
    EXPECT_EQ(*array.of<std::uint8_t>(), (std::vector<std::uint8_t>{0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(array.of<float>(), nullptr);
    EXPECT_EQ(array.size(), 12U);
}

TEST(idx, reads_every_element_type_as_big_endian) {
    const auto one = [](int type, const bytes& element) {
        return parse_idx(bytes_of({0, 0, type, 1, 0, 0, 0, 1}) + element, "f");
    };
    EXPECT_EQ(one(0x09, bytes_of({0xFE})).of<std::int8_t>()->at(0), -2);
    EXPECT_EQ(one(0x0B, bytes_of({0xFE, 0xFF})).of<std::int16_t>()->at(0), -257);
    EXPECT_EQ(one(0x0C, bytes_of({0, 1, 0, 2})).of<std::int32_t>()->at(0), 65538);
    EXPECT_EQ(one(0x0D, bytes_of({0x3F, 0xC0, 0, 0})).of<float>()->at(0), 1.5F);
    EXPECT_EQ(one(0x0E, bytes_of({0xC0, 0x04, 0, 0, 0, 0, 0, 0})).of<double>()->at(0), -2.5);
}

TEST(idx, reads_gzip_as_if_plain) {
    const auto plain = parse_idx(small_images(), "f");
    const auto packed = parse_idx(gzipped(small_images()), "f");
    EXPECT_EQ(packed.extents, plain.extents);
    EXPECT_EQ(packed.values, plain.values);
}

TEST(idx, refuses_a_wrong_magic) {
    EXPECT_EQ(message_of([] { parse_idx(bytes_of({0, 7, 8, 1, 0, 0, 0, 0}), "f"); }),
              "f, byte 0: expected an IDX magic number, which opens with two zero bytes, found 0, 7");
    EXPECT_EQ(message_of([] { parse_idx(bytes_of({0, 0, 10, 1, 0, 0, 0, 0}), "f"); }),
              "f, byte 2: expected an element type among 8, 9, 11, 12, 13, 14, found 10");
    EXPECT_EQ(message_of([] { parse_idx(bytes_of({0, 0, 8, 0}), "f"); }),
              "f, byte 3: expected at least one dimension, found 0");
}

TEST(idx, refuses_an_empty_file_and_a_cut_header) {
    EXPECT_EQ(message_of([] { parse_idx({}, "f"); }),
              "f, byte 0: expected an IDX magic number (2 bytes), found 0 bytes");
    EXPECT_EQ(message_of([] { parse_idx(bytes_of({0, 0, 8, 2, 0, 0, 0, 1, 0}), "f"); }),
              "f, byte 8: expected extent 1 (4 bytes), found 1 bytes");
}

TEST(idx, refuses_another_size) {
    EXPECT_EQ(message_of([] { parse_idx(tests::without_last(small_images()), "f"); }),
              "f: expected 28 bytes (header 16), found 27 bytes");
    EXPECT_EQ(message_of([] { parse_idx(small_images() + bytes_of({0}), "f"); }),
              "f: expected 28 bytes (header 16), found 29 bytes");
}

TEST(idx, refuses_absurd_extents_before_allocating) {
    const bytes huge = bytes_of({0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255});
    EXPECT_EQ(message_of([&] { parse_idx(huge, "f"); }),
              "f, byte 4: expected extents of an array that fits a file, found a product beyond 2^60 bytes");
    const bytes large = bytes_of({0, 0, 8, 2, 127, 255, 255, 255, 0, 0, 127, 255});
    EXPECT_NE(message_of([&] { parse_idx(gzipped(large), "f"); }).find("which hold at most"), std::string::npos);
}

TEST(idx, refuses_damaged_gzip) {
    const bytes good = gzipped(small_images());
    EXPECT_NE(message_of([&] {
                  parse_idx(tests::without_last(good), "f");
              }).find("expected compressed data, found the end of the file"),
              std::string::npos);
    bytes checksum = good;
    checksum[checksum.size() - 5] ^= std::byte{1};
    EXPECT_NE(message_of([&] { parse_idx(checksum, "f"); }).find("incorrect data check"), std::string::npos);
    EXPECT_EQ(message_of([&] { parse_idx(good + bytes_of({7}), "f"); }),
              "f, byte " + std::to_string(good.size()) + ": expected the end of the file, found 1 further bytes");
    EXPECT_EQ(message_of([] { parse_idx(gzipped(tests::without_last(small_images())), "f"); }),
              "f: expected 28 bytes when inflated, found 27");
    EXPECT_EQ(message_of([] { parse_idx(gzipped(small_images() + bytes_of({0})), "f"); }),
              "f: expected 28 bytes when inflated, found more");
}

TEST(idx_dataset, scales_pixels_and_pairs_labels) {
    const tests::folder folder;
    const auto images = folder.write("images", small_images());
    const auto labels = folder.write("labels.gz", gzipped(small_labels()));
    const tessera::dataset data = tessera::read_idx_dataset(images, labels, {"no", "yes"});
    EXPECT_EQ(data.extents, (tessera::image_extents{2, 3, 1}));
    EXPECT_EQ(data.labels, (std::vector<std::int32_t>{1, 0}));
    EXPECT_EQ(data.image(0)[1], 0.2F);
    EXPECT_EQ(data.image(0)[5], 1.0F);
    EXPECT_EQ(data.image(1)[5], 6.0F / 255.0F);
    EXPECT_EQ(tessera::read_idx_dataset(images, labels, 2).class_names, (std::vector<std::string>{"0", "1"}));
}

TEST(idx_dataset, refuses_pairs_that_do_not_fit) {
    const tests::folder folder;
    const auto images = folder.write("images", small_images());
    const auto labels = folder.write("labels", small_labels(7));
    const auto three = folder.write("three", bytes_of({0, 0, 8, 1, 0, 0, 0, 3, 0, 0, 0}));
    const auto shorts = folder.write("shorts", bytes_of({0, 0, 11, 1, 0, 0, 0, 2, 0, 0, 0, 1}));
    const auto none = folder.write("none", bytes_of({0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 3}));
    const auto load = [&](const auto& a, const auto& b) {
        return message_of([&] { tessera::read_idx_dataset(a, b, 2); });
    };
    EXPECT_EQ(load(images, labels), labels.string() + ", sample 0: expected a label in 0..1, found 7");
    EXPECT_EQ(load(images, three), three.string() + ", byte 4: expected 2 labels, one an image, found 3");
    EXPECT_EQ(load(images, shorts), shorts.string() + ", byte 2: expected elements of type u8 (8), found another type");
    EXPECT_EQ(load(labels, labels), labels.string() + ", byte 3: expected images of 3 or 4 dimensions, found 1");
    EXPECT_EQ(load(images, images), images.string() + ", byte 3: expected labels of 1 dimension, found 3");
    EXPECT_EQ(load(none, labels),
              none.string() + ", byte 4: expected at least one image of at least one pixel, found none");
    const auto missing = folder.path() / "missing";
    EXPECT_EQ(load(missing, labels), missing.string() + ": expected a file, found none");
}

}  // namespace
