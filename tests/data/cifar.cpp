#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <tessera/data/cifar.hpp>

#include "files.hpp"

namespace {

using tests::bytes;
using tests::operator+;
using tests::message_of;

// Red counts pixels upwards (mod 256), green is 100, blue is 200.
bytes record(std::initializer_list<int> labels) {
    bytes result = tests::bytes_of(labels);
    for (int pixel = 0; pixel < 1024; ++pixel) result.push_back(static_cast<std::byte>(pixel % 256));
    result.insert(result.end(), 1024, std::byte{100});
    result.insert(result.end(), 1024, std::byte{200});
    return result;
}

TEST(cifar10, interleaves_the_planes) {
    const tests::folder folder;
    const auto path = folder.write("some.bin", record({3}) + record({9}));
    const tessera::dataset data = tessera::read_cifar10(path);
    EXPECT_EQ(data.extents, (tessera::image_extents{32, 32, 3}));
    EXPECT_EQ(data.labels, (std::vector<std::int32_t>{3, 9}));
    EXPECT_EQ(data.class_names[3], "cat");
    const auto pixel = data.image(1).subspan((2 * 32 + 5) * 3, 3);
    EXPECT_EQ(pixel[0], 69.0F / 255.0F);
    EXPECT_EQ(pixel[1], 100.0F / 255.0F);
    EXPECT_EQ(pixel[2], 200.0F / 255.0F);
}

TEST(cifar10, refuses_what_is_no_whole_record) {
    const std::string wanted = "f: expected a positive whole number of records of 3073 bytes, found ";
    EXPECT_EQ(message_of([] { tessera::parse_cifar10({}, "f"); }), wanted + "0 bytes");
    EXPECT_EQ(message_of([] { tessera::parse_cifar10(tests::without_last(record({1})), "f"); }), wanted + "3072 bytes");
    EXPECT_EQ(message_of([] { tessera::parse_cifar10(record({1}) + tests::bytes_of({0}), "f"); }),
              wanted + "3074 bytes");
}

TEST(cifar10, refuses_a_label_out_of_range) {
    EXPECT_EQ(message_of([] { tessera::parse_cifar10(record({1}) + record({10}), "f"); }),
              "f, byte 3073: expected a label in 0..9, found 10");
}

TEST(cifar100, reads_fine_and_coarse_labels) {
    const bytes file = record({19, 99});
    EXPECT_EQ(tessera::parse_cifar100(file, "f").labels[0], 99);
    EXPECT_EQ(tessera::parse_cifar100(file, "f", tessera::cifar_labels::coarse).labels[0], 19);
    EXPECT_EQ(message_of([] { tessera::parse_cifar100(record({20, 0}), "f", tessera::cifar_labels::coarse); }),
              "f, byte 0: expected a label in 0..19, found 20");
    EXPECT_EQ(message_of([] { tessera::parse_cifar100(record({0, 100}), "f"); }),
              "f, byte 1: expected a label in 0..99, found 100");
}

TEST(cifar100, names_are_sorted_and_different) {
    for (const auto& [names, count] :
         {std::pair{tessera::cifar100_names(), 100U}, {tessera::cifar100_coarse_names(), 20U}}) {
        EXPECT_EQ(names.size(), count);
        EXPECT_TRUE(std::ranges::is_sorted(names));
        EXPECT_EQ(std::set(names.begin(), names.end()).size(), count);
    }
}

TEST(cifar10, load_counts_records) {
    const tests::folder folder;
    const auto first = folder.write("data_batch_1.bin", record({0}));
    EXPECT_EQ(message_of([&] { tessera::load_cifar10(folder.path()); }),
              first.string() + ": expected 10000 records, found 1");
}

TEST(cifar100, load_names_the_missing_file) {
    const tests::folder folder;
    EXPECT_EQ(message_of([&] { tessera::load_cifar100(folder.path()); }),
              (folder.path() / "train.bin").string() + ": expected a file, found none");
}

}  // namespace
