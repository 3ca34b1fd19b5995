#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <tessera/data/byte_reader.hpp>

#include "files.hpp"

namespace {

using tessera::detail::byte_reader;
using tests::message_of;

TEST(byte_order, loads_and_stores_either_way) {
    std::array<std::byte, 5> bytes{};
    tessera::detail::store_bytes(std::uint32_t{0x01020304}, bytes.data() + 1, std::endian::big);
    EXPECT_EQ(bytes[1], std::byte{1});
    EXPECT_EQ(bytes[4], std::byte{4});
    EXPECT_EQ(tessera::detail::load_bytes<std::uint32_t>(bytes.data() + 1, std::endian::little), 0x04030201U);
    EXPECT_EQ(tessera::detail::load_bytes<std::int16_t>(bytes.data() + 1, std::endian::big), 0x0102);
    tessera::detail::store_bytes(1.5F, bytes.data(), std::endian::little);
    EXPECT_EQ(tessera::detail::load_bytes<float>(bytes.data(), std::endian::little), 1.5F);
    EXPECT_EQ(bytes[3], std::byte{0x3F});
}

TEST(byte_reader, reads_on_from_where_it_is) {
    const tests::bytes file = tests::bytes_of({1, 2, 3, 'a', 'b'});
    byte_reader reader(file, "f", std::endian::big);
    EXPECT_EQ(reader.read<std::uint16_t>("a number"), 0x0102);
    EXPECT_EQ(reader.take(1, "a byte")[0], std::byte{3});
    EXPECT_EQ(reader.offset(), 3U);
    EXPECT_EQ(reader.left(), 2U);
    EXPECT_EQ(message_of([&] { reader.expect_end(); }),
              "f, byte 3: expected the end of the file, found 2 further bytes");
    EXPECT_EQ(reader.take_text(2, "text"), "ab");
    EXPECT_NO_THROW(reader.expect_end());
}

TEST(byte_reader, never_leaves_the_bytes) {
    const tests::bytes file = tests::bytes_of({1, 2, 3});
    byte_reader reader(file, "f");
    reader.take(1, "a byte");
    EXPECT_EQ(message_of([&] { reader.read<std::uint32_t>("a number"); }),
              "f, byte 1: expected a number (4 bytes), found 2 bytes");
    EXPECT_THROW(reader.take(~std::size_t{0}, "everything"), tessera::error);
    EXPECT_EQ(reader.offset(), 1U);  // a failed read does not move
}

}  // namespace
