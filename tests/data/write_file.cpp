#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>
#include <tessera/data/read_file.hpp>
#include <tessera/data/write_file.hpp>

#include "files.hpp"

namespace {

using tessera::write_file;

std::ptrdiff_t files_in(const std::filesystem::path& folder) {
    return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator());
}

TEST(write_file, replaces_the_content_and_leaves_nothing_else) {
    const tests::folder folder;
    const auto path = folder.path() / "file";
    write_file(path, tests::bytes_of("a long first content"));
    write_file(path, tests::bytes_of("second"));
    EXPECT_EQ(tessera::read_file(path), tests::bytes_of("second"));
    EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(write_file, names_the_path_that_cannot_be_written) {
    const tests::folder folder;
    const auto path = folder.path() / "none" / "file";
    EXPECT_EQ(tests::message_of([&] { write_file(path, {}); }),
              path.string() + ": expected a folder that can be written, found No such file or directory");
}

TEST(write_file, leaves_the_target_alone_when_it_fails) {
    const tests::folder folder;
    const auto kept = folder.write("target/kept", tests::bytes_of("x"));
    const std::string message = tests::message_of([&] { write_file(folder.path() / "target", tests::bytes_of("y")); });
    EXPECT_NE(message.find("expected a name that can be replaced"), std::string::npos) << message;
    EXPECT_TRUE(std::filesystem::exists(kept));
    EXPECT_EQ(files_in(folder.path()), 1);
}

}  // namespace
