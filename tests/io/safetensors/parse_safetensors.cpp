#include "../../message_of.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tessera/error/error.hpp>
#include <tessera/io/element_conversion.hpp>
#include <tessera/io/little_endian.hpp>
#include <tessera/io/safetensors/parse_safetensors.hpp>
#include <utility>
#include <vector>

namespace {

using tessera::dtype;

std::vector<std::byte> bytes_of(const std::string& text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

std::vector<std::byte> file_of(const std::string& header, std::size_t data_bytes) {
    std::vector<std::byte> bytes(8);
    tessera::detail::store_little(static_cast<std::uint64_t>(header.size()), bytes.data());
    for (const std::byte b : bytes_of(header)) bytes.push_back(b);
    for (std::size_t i = 0; i < data_bytes; ++i) bytes.push_back(static_cast<std::byte>(i));
    return bytes;
}

std::string message_of(std::vector<std::byte> bytes) {
    try {
        tessera::parse_safetensors(std::move(bytes), "f");
    } catch (const tessera::error& e) {
        return e.what();
    }
    return "no error";
}

std::string refusal(const std::string& header, std::size_t data_bytes = 0) {
    return message_of(file_of(header, data_bytes));
}

// A header of one tensor "a" with these fields.
std::string one(const std::string& fields) { return R"({"a":{)" + fields + "}}"; }

TEST(parse_safetensors, gives_tensors_by_name_whatever_their_place) {
    const auto file = tessera::parse_safetensors(file_of(R"({"__metadata__":{"format":"pt"},)"
                                                         R"("b":{"dtype":"U8","shape":[2,1],"data_offsets":[2,4]},)"
                                                         R"("a":{"data_offsets":[0,2],"shape":[],"dtype":"I16"},)"
                                                         R"("c":{"dtype":"F64","shape":[0,3],"data_offsets":[4,4]}} )",
                                                         4),
                                                 "f");
    ASSERT_EQ(file.entries().size(), 3u);
    EXPECT_EQ(file.entries()[0].name, "a");
    EXPECT_EQ(file.at("a").type, dtype::i16);
    EXPECT_TRUE(file.at("a").shape.empty());
    EXPECT_EQ(tessera::detail::load_little<std::int16_t>(file.at("a").bytes.data()), 0x0100);
    EXPECT_EQ(file.at("b").shape, (std::vector<std::int64_t>{2, 1}));
    EXPECT_EQ(file.at("b").bytes[1], std::byte{3});
    EXPECT_EQ(file.at("c").size(), 0u);
    EXPECT_EQ(file.metadata().at("format"), "pt");
    EXPECT_EQ(file.find("d"), nullptr);
}

TEST(parse_safetensors, other_dtypes_are_named_and_passed_over) {
    const std::string three = R"({"a":{"dtype":"F8_E4M3","shape":[3],"data_offsets":[2,5]},)"
                              R"("b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                              R"("c":{"dtype":"F4","shape":[2],"data_offsets":[5,6]}})";
    const auto file = tessera::parse_safetensors(file_of(three, 6), "f");
    ASSERT_EQ(file.entries().size(), 1u);
    EXPECT_EQ(file.at("b").bytes[1], std::byte{1});
    ASSERT_EQ(file.unread().size(), 2u);
    EXPECT_EQ(file.unread()[0].name + " " + file.unread()[0].type, "a F8_E4M3");
    EXPECT_EQ(file.find("a"), nullptr);
    EXPECT_EQ(tests::message_of([&] { file.at("a"); }),
              "f: tensor 'a': expected a dtype that is read, found 'F8_E4M3'");
    EXPECT_EQ(refusal(one(R"("dtype":"F8_E4M3","shape":[3],"data_offsets":[3,0])"), 0),
              "f: tensor 'a': expected data from offset 0, found offset 3");
    EXPECT_EQ(refusal(one(R"("dtype":"F8_E4M3","shape":[3],"data_offsets":[0,4])"), 3),
              "f: expected 4 bytes of data, found 3 bytes");
    const std::string turned = R"({"a":{"dtype":"X","shape":[],"data_offsets":[0,2]},)"
                               R"("b":{"dtype":"X","shape":[],"data_offsets":[2,0]}})";
    EXPECT_EQ(refusal(turned, 0), "f: tensor 'b': expected an end after its begin, found offsets 2 to 0");
}

TEST(parse_safetensors, null_is_no_metadata) {
    const auto file = tessera::parse_safetensors(
        file_of(R"({"__metadata__":null,"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]}})", 1), "f");
    EXPECT_TRUE(file.metadata().empty());
    EXPECT_EQ(file.at("a").size(), 1u);
    EXPECT_EQ(refusal(R"({"__metadata__":{"k":null}})"), "f: __metadata__: expected a string for 'k', found null");
}

TEST(parse_safetensors, entries_survive_a_move_of_the_file) {
    auto file = tessera::parse_safetensors(file_of(one(R"("dtype":"U8","shape":[1],"data_offsets":[0,1])"), 1), "f");
    const tessera::tensor_file moved = std::move(file);
    EXPECT_EQ(moved.at("a").bytes[0], std::byte{0});
}

TEST(parse_safetensors, a_missing_tensor_is_named) {
    const auto file = tessera::parse_safetensors(file_of("{}", 0), "f");
    try {
        file.at("0.weight");
        FAIL();
    } catch (const tessera::error& e) {
        EXPECT_STREQ(e.what(), "f: expected a tensor '0.weight', found 0 others");
    }
}

TEST(parse_safetensors, refuses_a_header_length_beyond_the_file) {
    EXPECT_EQ(message_of(bytes_of("1234567")), "f: expected at least 8 bytes of a safetensors file, found 7 bytes");
    auto bytes = file_of("{}", 0);
    bytes[0] = std::byte{3};
    EXPECT_EQ(message_of(bytes), "f: byte 0: expected a header of at most 2 bytes, found 3 bytes");
    bytes[7] = std::byte{0xff};
    EXPECT_EQ(message_of(bytes), "f: byte 0: expected a header of at most 2 bytes, found 18374686479671623683 bytes");
}

TEST(parse_safetensors, refuses_a_header_above_100_MB) {
    std::vector<std::byte> bytes(100'000'009, std::byte{' '});
    tessera::detail::store_little(std::uint64_t{100'000'001}, bytes.data());
    EXPECT_EQ(message_of(std::move(bytes)),
              "f: byte 0: expected a header of at most 100000000 bytes, found 100000001 bytes");
}

TEST(parse_safetensors, refuses_what_is_not_json) {
    EXPECT_EQ(refusal(""), "f: byte 8: expected '{', the start of a header, found something else");
    EXPECT_EQ(refusal("\xef\xbb\xbf{}"), "f: byte 8: expected '{', the start of a header, found something else");
    EXPECT_EQ(refusal("[]"), "f: byte 8: expected '{', the start of a header, found something else");
    EXPECT_EQ(refusal("{,}"), "f: byte 9: expected a header in JSON, found '{,'");
    EXPECT_NE(refusal("{"), "no error");
    EXPECT_NE(refusal("{} x"), "no error");
    EXPECT_NE(refusal("{}{}"), "no error");
    EXPECT_NE(refusal("{\"\xff\":1}"), "no error");
    EXPECT_EQ(refusal(std::string("{}\0x", 4)), "f: byte 10: expected a header in JSON, found a zero byte");
}

TEST(parse_safetensors, refuses_other_structure) {
    EXPECT_EQ(refusal(R"({"a":1})"), "f: tensor 'a': expected an object with dtype, shape and data_offsets, found 1");
    EXPECT_EQ(refusal(R"({"a":null})"),
              "f: tensor 'a': expected an object with dtype, shape and data_offsets, found null");
    EXPECT_EQ(refusal(one(R"("dtype":["F32"])")), "f: tensor 'a': expected a dtype, a string, found a list");
    EXPECT_EQ(refusal(one(R"("shape":{})")), "f: tensor 'a': expected shape, a list, found an object");
    EXPECT_EQ(refusal(one(R"("shape":[[1]])")),
              "f: tensor 'a': expected a shape of at most 64 whole numbers below 2^63, found a list");
    EXPECT_EQ(refusal(one(R"("strides":[1])")),
              "f: tensor 'a': expected dtype, shape and data_offsets, found field 'strides'");
    EXPECT_EQ(refusal(one(R"("shape":[],"data_offsets":[0,0])")), "f: tensor 'a': expected a dtype, found none");
    EXPECT_EQ(refusal(one(R"("dtype":"U8","data_offsets":[0,0])")), "f: tensor 'a': expected a shape, found none");
    EXPECT_EQ(refusal(one(R"("dtype":"U8","shape":[])")), "f: tensor 'a': expected data_offsets, found none");
    EXPECT_EQ(refusal(one(R"("dtype":"F8_E4M3")")), "f: tensor 'a': expected a shape, found none");
    EXPECT_EQ(refusal(R"({"__metadata__":{"n":1}})"), "f: __metadata__: expected a string for 'n', found 1");
    EXPECT_EQ(refusal(R"({"__metadata__":{"n":{}}})"), "f: __metadata__: expected a string for 'n', found an object");
    EXPECT_EQ(refusal(R"({"__metadata__":[]})"), "f: __metadata__: expected an object of strings, found a list");
    EXPECT_NE(refusal(std::string(100'000, '{')), "no error");
    EXPECT_NE(refusal(R"({"a":)" + std::string(100'000, '[')), "no error");
}

TEST(parse_safetensors, refuses_numbers_that_are_not_counts) {
    const std::string place = "f: tensor 'a': expected a shape of at most 64 whole numbers below 2^63, found ";
    EXPECT_EQ(refusal(one(R"("shape":[-1])")), place + "-1");
    EXPECT_EQ(refusal(one(R"("shape":[1.5])")), place + "'1.5'");
    EXPECT_EQ(refusal(one(R"("shape":[1e3])")), place + "'1e3'");
    EXPECT_EQ(refusal(one(R"("shape":[true])")), place + "true");
    EXPECT_EQ(refusal(one(R"("shape":["1"])")), place + "'1'");
    EXPECT_EQ(refusal(one(R"("shape":[9223372036854775808])")), place + "9223372036854775808");
    EXPECT_EQ(refusal(one(R"("shape":[18446744073709551616])")), place + "'18446744073709551616'");
    EXPECT_NE(refusal(one(R"("shape":[NaN])")), "no error");
    std::string ones = "1";
    for (int i = 0; i < 64; ++i) ones += ",1";
    EXPECT_EQ(refusal(one("\"shape\":[" + ones + "]")), place + "a longer list");
    EXPECT_EQ(refusal(one(R"("data_offsets":[0])")), "f: tensor 'a': expected two offsets below 2^63, found 1 numbers");
    EXPECT_EQ(refusal(one(R"("data_offsets":[0,1,2])")),
              "f: tensor 'a': expected two offsets below 2^63, found 3 numbers");
}

TEST(parse_safetensors, refuses_anything_twice) {
    const std::string entry = R"({"dtype":"U8","shape":[],"data_offsets":[)";
    EXPECT_EQ(refusal(R"({"a":)" + entry + R"(0,1]},"a":)" + entry + "1,2]}}", 2),
              "f: tensor 'a': expected one entry, found two");
    EXPECT_EQ(refusal(one(R"("dtype":"U8","dtype":"U8")")), "f: tensor 'a': expected one value for 'dtype', found two");
    EXPECT_EQ(refusal(one(R"("shape":[],"shape":[])")), "f: tensor 'a': expected one value for 'shape', found two");
    EXPECT_EQ(refusal(one(R"("data_offsets":[0,1],"data_offsets":[0,1])")),
              "f: tensor 'a': expected one value for 'data_offsets', found two");
    EXPECT_EQ(refusal(R"({"__metadata__":{"k":"1","k":"2"}})"),
              "f: __metadata__: expected one value for 'k', found two");
    EXPECT_EQ(refusal(R"({"__metadata__":{},"__metadata__":{}})"),
              "f: header: expected one value for '__metadata__', found two");
}

TEST(parse_safetensors, refuses_a_shape_that_does_not_match_its_bytes) {
    EXPECT_EQ(refusal(one(R"("dtype":"F32","shape":[2],"data_offsets":[0,4])"), 4),
              "f: tensor 'a': expected 8 bytes for F32 (2), found offsets 0 to 4");
    EXPECT_EQ(refusal(one(R"("dtype":"U8","shape":[1],"data_offsets":[1,0])"), 1),
              "f: tensor 'a': expected 1 bytes for U8 (1), found offsets 1 to 0");
    EXPECT_EQ(refusal(one(R"("dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0])")),
              "f: tensor 'a': expected fewer than 2^63 bytes, found U8 (4294967296, 4294967296)");
    EXPECT_EQ(refusal(one(R"("dtype":"U8","shape":[4294967296,0,4294967296],"data_offsets":[0,0])")),
              "f: tensor 'a': expected fewer than 2^63 bytes, found U8 (4294967296, 0, 4294967296)");
    EXPECT_EQ(refusal(one(R"("dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0])")),
              "f: tensor 'a': expected fewer than 2^63 bytes, found F64 (2305843009213693952)");
}

TEST(parse_safetensors, refuses_gaps_overlaps_and_rests) {
    const auto two = [](const std::string& a, const std::string& b) {
        return R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[)" + a +
               R"(]},"b":{"dtype":"U8","shape":[2],"data_offsets":[)" + b + "]}}";
    };
    EXPECT_EQ(refusal(two("0,2", "2,4"), 4), "no error");
    EXPECT_EQ(refusal(two("2,4", "0,2"), 4), "no error");
    EXPECT_EQ(refusal(two("0,2", "3,5"), 5), "f: tensor 'b': expected data from offset 2, found offset 3");
    EXPECT_EQ(refusal(two("0,2", "1,3"), 3), "f: tensor 'b': expected data from offset 2, found offset 1");
    EXPECT_EQ(refusal(two("0,2", "0,2"), 2).substr(12), "': expected data from offset 2, found offset 0");
    EXPECT_EQ(refusal(two("1,3", "3,5"), 5), "f: tensor 'a': expected data from offset 0, found offset 1");
    EXPECT_EQ(refusal(two("0,2", "2,4"), 5), "f: expected 4 bytes of data, found 5 bytes");
    EXPECT_EQ(refusal(two("0,2", "2,4"), 3), "f: expected 4 bytes of data, found 3 bytes");
    EXPECT_EQ(refusal("{}", 1), "f: expected 0 bytes of data, found 1 bytes");
}

TEST(parse_safetensors, a_long_name_is_cut_in_messages) {
    EXPECT_LT(refusal(R"({")" + std::string(10'000, 'x') + R"(":1})").size(), 300u);
}

TEST(parse_safetensors, every_cut_and_every_wrong_byte_of_a_header_is_safe) {
    const std::string header = R"({"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},)"
                               R"("b":{"dtype":"I8","shape":[],"data_offsets":[8,9]}})";
    const std::vector<std::byte> good = file_of(header, 9);
    ASSERT_EQ(message_of(good), "no error");
    for (std::size_t size = 0; size < good.size(); ++size) {
        EXPECT_NE(message_of({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)}), "no error") << size;
    }
    for (std::size_t place = 0; place < 8 + header.size(); ++place) {
        for (const int wrong : {0, 0x22, 0x2d, 0x30, 0x39, 0x5b, 0x7b, 0x7d, 0xff}) {
            std::vector<std::byte> bytes = good;
            bytes[place] = static_cast<std::byte>(wrong);
            const std::string message = message_of(bytes);
            EXPECT_TRUE(message == "no error" || message.starts_with("f")) << message;
        }
    }
}

}  // namespace
