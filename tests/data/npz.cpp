#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <string>
#include <tessera/data/npz.hpp>
#include <vector>

#include "files.hpp"

namespace {

using tessera::npy_array;
using tessera::npz_arrays;
using tessera::npz_compression;
using tessera::parse_npz;
using tests::bytes;
using tests::bytes_of;
using tests::message_of;
using tests::operator+;

npz_arrays two_arrays() {
    std::vector<float> pixels(300);
    for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<float>(i / 10);
    const std::vector<std::uint8_t> labels{1, 2, 3};
    npz_arrays arrays;
    arrays["images"] = npy_array::of<float>(pixels, {3, 100});
    arrays["labels"] = npy_array::of<std::uint8_t>(labels, {3, 1});
    return arrays;
}

void expect_two_arrays(const npz_arrays& arrays) {
    const npz_arrays wanted = two_arrays();
    ASSERT_EQ(arrays.size() + arrays.unread.size(), 2U);
    for (const auto& [name, array] : wanted) {
        ASSERT_TRUE(arrays.contains(name) || arrays.unread.contains(name)) << name;
        EXPECT_EQ(arrays.at(name).extents, array.extents);
        EXPECT_EQ(arrays.at(name).bytes, array.bytes);
    }
}

template <class Number> void patch(bytes& file, std::size_t at, Number number) {
    tessera::detail::store_bytes(number, file.data() + at, std::endian::little);
}

// Offsets of fields counted from the start of the directory's first entry or of the end record.
std::size_t directory_of(const bytes& file) {
    return tessera::detail::load_bytes<std::uint32_t>(file.data() + file.size() - 6, std::endian::little);
}

// np.savez_compressed(a=np.float32([1.5, -2]), b=[[True, False]]), as NumPy wrote it: its local headers are zip64.
const char* const by_numpy =
    "504b03042d000000080000002100d6434b05ffffffffffffffff05001400612e6e70790100100088000000000000004b0000"
    "00000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9366a2aea3a09e965f54529498179f5f94920a12774bcc"
    "294e058a17672416a402f91a463a9a3a0ab50a14002e068603f60c400200504b03042d00000008000000210010193a19ffff"
    "ffffffffffff05001400622e6e707901001000820000000000000048000000000000009bec17ea1b10c9c850c650ad9e925a"
    "9c5ca46ea5a05e9364a8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a863a0a469a3a0ab5"
    "0a64032e460600504b01022d032d000000080000002100d6434b054b00000088000000050000000000000000000000800100"
    "000000612e6e7079504b01022d032d00000008000000210010193a1948000000820000000500000000000000000000008001"
    "82000000622e6e7079504b0506000000000200020066000000010100000000";

TEST(npz, reads_what_numpy_wrote) {
    const npz_arrays arrays = parse_npz(tests::from_hex(by_numpy), "f");
    ASSERT_EQ(arrays.size(), 2U);
    EXPECT_EQ(arrays.at("a").as<float>(), (std::vector<float>{1.5F, -2}));
    EXPECT_EQ(arrays.at("b").as<bool>(), (std::vector<bool>{true, false}));
    EXPECT_EQ(arrays.at("b").extents, (std::vector<std::size_t>{1, 2}));
}

TEST(npz, round_trips_stored_and_deflated) {
    const tests::folder folder;
    const auto path = folder.path() / "a.npz";
    for (const auto compression : {npz_compression::stored, npz_compression::deflated}) {
        tessera::write_npz(path, two_arrays(), compression);
        expect_two_arrays(tessera::read_npz(path));
        EXPECT_EQ(tessera::read_npz(path, "labels").as<std::uint8_t>(), (std::vector<std::uint8_t>{1, 2, 3}));
    }
    EXPECT_LT(tessera::npz_bytes(two_arrays(), npz_compression::deflated).size(),
              tessera::npz_bytes(two_arrays(), npz_compression::stored).size() / 2);
}

TEST(npz, equal_arrays_give_equal_files) {
    EXPECT_EQ(tessera::npz_bytes(two_arrays()), tessera::npz_bytes(two_arrays()));
    EXPECT_TRUE(parse_npz(tessera::npz_bytes({}), "f").empty());
}

TEST(npz, one_array_that_cannot_be_read_does_not_stop_the_others) {
    tessera::detail::zip_writer writer(true);
    const std::string objects("\x93NUMPY\1\0\x3b\0{'descr': '|O', 'fortran_order': False, 'shape': (1,)}     \n", 69);
    writer.add("objects.npy", bytes_of(objects));
    writer.add("labels.npy", tessera::npy_bytes(two_arrays().at("labels")));
    const npz_arrays arrays = parse_npz(writer.finish(), "f");
    EXPECT_EQ(arrays.size(), 1U);
    EXPECT_EQ(arrays.at("labels").as<std::uint8_t>(), (std::vector<std::uint8_t>{1, 2, 3}));
    ASSERT_EQ(arrays.unread.size(), 1U);
    EXPECT_EQ(message_of([&] { arrays.at("objects"); }), arrays.unread.at("objects"));
    EXPECT_NE(arrays.unread.at("objects").find("f, entry \"objects.npy\", byte 20: expected an element type"),
              std::string::npos)
        << arrays.unread.at("objects");
    EXPECT_EQ(message_of([&] { arrays.at("masks"); }),
              "npz_arrays: expected an array \"masks\", found none of that name");
}

TEST(npz, names_the_array_that_is_missing) {
    EXPECT_EQ(message_of([] { parse_npz(tessera::npz_bytes(two_arrays()), "f", "masks"); }),
              "f: expected an entry \"masks.npy\", found none of that name");
}

TEST(npz, refuses_every_shorter_file) {
    for (const auto compression : {npz_compression::stored, npz_compression::deflated}) {
        const bytes good = tessera::npz_bytes(two_arrays(), compression);
        for (std::size_t size = 0; size < good.size(); ++size)
            EXPECT_THROW(parse_npz(std::span(good).first(size), "f"), tessera::error) << size;
    }
    EXPECT_EQ(message_of([] { parse_npz({}, "f"); }),
              "f: expected the end record of a zip archive, found 0 bytes without one");
}

TEST(npz, refuses_bytes_around_the_archive) {
    const bytes good = tessera::npz_bytes(two_arrays());
    EXPECT_EQ(
        message_of([&] { parse_npz(good + bytes_of({0}), "f"); }),
        "f: expected the end record of a zip archive, found " + std::to_string(good.size() + 1) + " bytes without one");
    EXPECT_THROW(parse_npz(bytes_of({0}) + good, "f"), tessera::error);
}

TEST(npz, refuses_bytes_before_an_archive_without_entries) {
    bytes file = bytes_of("abc") + tessera::npz_bytes({});
    patch(file, file.size() - 6, std::uint32_t{3});
    EXPECT_EQ(message_of([&] { parse_npz(file, "f"); }),
              "f, byte 0: expected the first entry of the archive, found 3 other bytes");
}

TEST(npz, notices_every_changed_byte_of_the_content) {
    for (const auto compression : {npz_compression::stored, npz_compression::deflated}) {
        const bytes good = tessera::npz_bytes(two_arrays(), compression);
        for (std::size_t at = 30; at < directory_of(good); at += 7) {
            bytes bad = good;
            bad[at] ^= std::byte{0x10};
            try {
                expect_two_arrays(parse_npz(bad, "f"));  // a field that is not needed, such as the size said twice
            } catch (const tessera::error&) {}
        }
    }
    bytes bad = tessera::npz_bytes(two_arrays());
    bad[200] ^= std::byte{1};
    const npz_arrays damaged = parse_npz(bad, "f");
    EXPECT_EQ(message_of([&] { damaged.at("images"); }).find("f, entry \"images.npy\": expected checksum"), 0U);
    EXPECT_EQ(damaged.at("labels").as<std::uint8_t>(), (std::vector<std::uint8_t>{1, 2, 3}));
}

TEST(npz, refuses_zip64_encryption_and_other_methods) {
    const bytes good = tessera::npz_bytes(two_arrays());
    const std::size_t directory = directory_of(good);
    const std::string place = "f, byte " + std::to_string(directory) + ": ";
    bytes zip64 = good;
    patch(zip64, zip64.size() - 6, std::uint32_t{0xFFFFFFFF});
    EXPECT_NE(message_of([&] { parse_npz(zip64, "f"); }).find("found a zip64 archive"), std::string::npos);
    bytes entry64 = good;
    patch(entry64, directory + 24, std::uint32_t{0xFFFFFFFF});
    EXPECT_EQ(message_of([&] { parse_npz(entry64, "f"); }),
              place + "expected an archive without zip64 extensions, found a zip64 entry");
    bytes encrypted = good;
    patch(encrypted, directory + 8, std::uint16_t{1});
    EXPECT_EQ(message_of([&] { parse_npz(encrypted, "f").at("images"); }),
              "f, entry \"images.npy\": expected an entry without encryption, found an encrypted one");
    EXPECT_TRUE(parse_npz(encrypted, "f").contains("labels"));
    bytes method = good;
    patch(method, directory + 10, std::uint16_t{12});
    EXPECT_EQ(message_of([&] { parse_npz(method, "f", "images"); }),
              "f, entry \"images.npy\": expected an entry stored (0) or deflated (8), found method 12");
    EXPECT_EQ(parse_npz(method, "f").unread.size(), 1U);
}

TEST(npz, refuses_sizes_that_cannot_be) {
    bytes deflated = tessera::npz_bytes(two_arrays(), npz_compression::deflated);
    patch(deflated, directory_of(deflated) + 24, std::uint32_t{0x7FFFFFFF});
    EXPECT_NE(message_of([&] { parse_npz(deflated, "f").at("images"); }).find("too few to hold them"),
              std::string::npos);
    bytes stored = tessera::npz_bytes(two_arrays());
    patch(stored, directory_of(stored) + 24, std::uint32_t{5});
    EXPECT_NE(message_of([&] { parse_npz(stored, "f").at("images"); }).find("expected 5 stored bytes"),
              std::string::npos);
}

TEST(npz, refuses_entries_that_overlap_or_share_a_name) {
    bytes overlapping = tessera::npz_bytes(two_arrays());
    const std::size_t second = directory_of(overlapping) + 46 + std::string("images.npy").size();
    patch(overlapping, second + 42, std::uint32_t{0});
    EXPECT_THROW(parse_npz(overlapping, "f"), tessera::error);

    tessera::detail::zip_writer writer(false);
    const bytes array = tessera::npy_bytes(two_arrays().at("labels"));
    writer.add("a.npy", array);
    writer.add("a.npy", array);
    EXPECT_EQ(message_of([&] { parse_npz(writer.finish(), "f"); }),
              "f: expected entries of different names, found \"a.npy\" twice");
}

TEST(npz, refuses_entries_that_are_no_arrays) {
    tessera::detail::zip_writer other(true);
    other.add("readme.txt", bytes_of("x"));
    EXPECT_EQ(message_of([&] { parse_npz(other.finish(), "f").at("readme.txt"); }),
              "f, entry \"readme.txt\": expected a name that ends in .npy, found another");
    tessera::detail::zip_writer damaged(true);
    damaged.add("a.npy", bytes_of("not an array"));
    EXPECT_EQ(message_of([&] { parse_npz(damaged.finish(), "f").at("a"); }),
              "f, entry \"a.npy\", byte 0: expected the magic text \\x93NUMPY, found other bytes");
}

TEST(zip_archive, reads_archives_with_a_comment) {
    tessera::detail::zip_writer writer(false);
    writer.add("a", bytes_of("content"));
    bytes file = writer.finish();
    patch(file, file.size() - 2, std::uint16_t{3});
    file = file + bytes_of("abc");
    EXPECT_EQ(tessera::detail::zip_archive(file, "f").extract("a"), bytes_of("content"));
}

}  // namespace
