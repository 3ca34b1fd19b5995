#include "../../temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <tessera/error/error.hpp>
#include <tessera/io/safetensors.hpp>
#include <tessera/io/write_file.hpp>
#include <vector>

namespace {

namespace fs = std::filesystem;
using tessera::dtype;
using tessera::tensor_entry;

struct write_safetensors : testing::Test {
    const tests::temporary_folder own;
    const fs::path folder = own.path(), target = folder / "model.safetensors";
    std::vector<std::byte> data = std::vector<std::byte>(64);

    void SetUp() override {
        for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::byte>(i);
    }

    std::span<const std::byte> some(std::size_t from, std::size_t count) const {
        return std::span(data).subspan(from, count);
    }
    std::string written() const {
        const auto bytes = tessera::detail::read_file(target);
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    std::string refusal(const std::vector<tensor_entry>& entries,
                        const std::map<std::string, std::string>& metadata = {}) const {
        try {
            tessera::write_safetensors(target, entries, metadata);
        } catch (const tessera::error& e) {
            EXPECT_TRUE(fs::is_empty(folder));
            return std::string(e.what()).substr(target.string().size());
        }
        return "no error";
    }
};

// The bytes of the format's reference writer for the same tensor.
TEST_F(write_safetensors, writes_the_reference_bytes) {
    const std::vector<float> values{0, 1, 2, 3, 4, 5};
    const auto bytes = tessera::detail::encode_floats<float>(values, dtype::f32);
    tessera::write_safetensors(target, std::vector<tensor_entry>{{"attn0", dtype::f32, {1, 1, 2, 3}, bytes}});
    const std::string header = R"({"attn0":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}       )";
    ASSERT_EQ(header.size(), 72u);
    EXPECT_EQ(written(), std::string("\x48\0\0\0\0\0\0\0", 8) + header +
                             std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

TEST_F(write_safetensors, no_tensors_make_an_empty_object) {
    tessera::write_safetensors(target, {});
    EXPECT_EQ(written(), std::string("\x08\0\0\0\0\0\0\0{}      ", 16));
    tessera::write_safetensors(target, {}, {{"framework", "pt"}});
    EXPECT_EQ(written(), std::string("\x28\0\0\0\0\0\0\0", 8) + R"({"__metadata__":{"framework":"pt"}}     )");
}

TEST_F(write_safetensors, everything_comes_back) {
    const std::vector<tensor_entry> entries{{"z \"quoted\" \\ \n \xc3\xa9", dtype::boolean, {3}, some(0, 3)},
                                            {"m", dtype::f64, {1, 2}, some(3, 16)},
                                            {"", dtype::bf16, {}, some(19, 2)},
                                            {"empty", dtype::i64, {4, 0}, {}}};
    const std::map<std::string, std::string> metadata{{"a", "1"}, {"\t", "\x01"}};
    tessera::write_safetensors(target, entries, metadata);
    const tessera::tensor_file file = tessera::read_safetensors(target);
    EXPECT_EQ(file.metadata(), metadata);
    EXPECT_EQ(file.entries().size(), entries.size());
    for (const tensor_entry& entry : entries) {
        const tensor_entry& back = file.at(entry.name);
        EXPECT_EQ(back.type, entry.type);
        EXPECT_EQ(back.shape, entry.shape);
        EXPECT_TRUE(std::ranges::equal(back.bytes, entry.bytes)) << entry.name;
    }
}

TEST_F(write_safetensors, tensors_are_aligned_to_their_elements) {
    std::vector<tensor_entry> entries;
    std::size_t from = 0;
    for (const dtype type : {dtype::u8, dtype::f16, dtype::f32, dtype::f64}) {
        entries.push_back({"t" + std::to_string(from), type, {1}, some(from, tessera::detail::byte_size(type))});
        from += tessera::detail::byte_size(type);
    }
    tessera::write_safetensors(target, entries);
    const auto bytes = tessera::detail::read_file(target);
    const auto file = tessera::parse_safetensors(bytes, "f");
    const auto header = 8 + tessera::detail::load_little<std::uint64_t>(bytes.data());
    EXPECT_EQ(header % 8, 0u);
    const std::byte* const first = file.at("t7").bytes.data();  // the F64, which comes first
    for (const tensor_entry& entry : file.entries()) {
        EXPECT_EQ((entry.bytes.data() - first) % static_cast<std::ptrdiff_t>(tessera::detail::byte_size(entry.type)), 0)
            << entry.name;
    }
}

TEST_F(write_safetensors, the_order_of_entries_does_not_matter) {
    std::vector<tensor_entry> entries{{"b", dtype::f32, {1}, some(0, 4)},
                                      {"a", dtype::f32, {1}, some(4, 4)},
                                      {"c", dtype::i8, {1}, some(8, 1)},
                                      {"d", dtype::u64, {1}, some(9, 8)}};
    tessera::write_safetensors(target, entries);
    const std::string first = written();
    std::ranges::reverse(entries);
    tessera::write_safetensors(target, entries);
    EXPECT_EQ(written(), first);
    EXPECT_LT(first.find("\"d\""), first.find("\"a\""));
    EXPECT_LT(first.find("\"a\""), first.find("\"b\""));
    EXPECT_LT(first.find("\"b\""), first.find("\"c\""));
}

TEST_F(write_safetensors, refuses_what_it_could_not_read_back) {
    EXPECT_EQ(refusal({{"a", dtype::f32, {2}, some(0, 4)}}),
              ": tensor 'a': expected 8 bytes for F32 (2), found 4 bytes");
    EXPECT_EQ(refusal({{"a", dtype::f32, {-1}, some(0, 4)}}),
              ": tensor 'a': expected fewer than 2^63 bytes for F32 (-1), found 4 bytes");
    EXPECT_EQ(refusal({{"a", dtype::u8, {1}, some(0, 1)}, {"a", dtype::u8, {1}, some(0, 1)}}),
              ": tensor 'a': expected one entry, found two");
    EXPECT_EQ(refusal({{"__metadata__", dtype::u8, {1}, some(0, 1)}}),
              ": tensor '__metadata__': expected another name, found the reserved one");
    EXPECT_EQ(refusal({{"\xff", dtype::u8, {1}, some(0, 1)}}),
              ": expected names and metadata in UTF-8, found bytes that are not");
    EXPECT_EQ(refusal({}, {{"k", "\xc3"}}), ": expected names and metadata in UTF-8, found bytes that are not");
    EXPECT_EQ(refusal({{"a", dtype::u8, std::vector<std::int64_t>(65, 1), some(0, 1)}}),
              ": tensor 'a': expected at most 64 axes, found 65");
}

TEST_F(write_safetensors, reading_names_the_file) {
    tessera::detail::write_file(target, some(0, 5));
    try {
        tessera::read_safetensors(target);
        FAIL();
    } catch (const tessera::error& e) {
        EXPECT_EQ(std::string(e.what()),
                  target.string() + ": expected at least 8 bytes of a safetensors file, found 5 bytes");
    }
}

}  // namespace
