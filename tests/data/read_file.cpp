#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <tessera/data/read_file.hpp>

#include "files.hpp"

namespace {

using tessera::read_file;
using tests::message_of;

TEST(read_file, gives_all_bytes) {
    const tests::folder folder;
    const auto content = tests::bytes_of({0, 1, 255, 10, 13});
    EXPECT_EQ(read_file(folder.write("some", content)), content);
    EXPECT_TRUE(read_file(folder.write("empty", {})).empty());
}

TEST(read_file, refuses_what_is_no_file) {
    const tests::folder folder;
    const std::string path = (folder.path() / "none").string();
    EXPECT_EQ(message_of([&] { read_file(path); }), path + ": expected a file, found none");
    EXPECT_EQ(message_of([&] { read_file(folder.path()); }),
              folder.path().string() + ": expected a file, found a folder");
    EXPECT_EQ(message_of([&] { read_file("/dev/zero"); }),
              "/dev/zero: expected a regular file, found a device or a pipe");
}

TEST(read_file, refuses_an_unreadable_file) {
    if (::geteuid() == 0) GTEST_SKIP() << "the superuser may read every file";
    const tests::folder folder;
    const auto path = folder.write("locked", tests::bytes_of("x"));
    std::filesystem::permissions(path, std::filesystem::perms::none);
    EXPECT_EQ(message_of([&] { read_file(path); }),
              path.string() + ": expected a readable file, found Permission denied");
}

}  // namespace
