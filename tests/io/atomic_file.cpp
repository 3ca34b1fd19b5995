#include "../temporary_folder.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <tessera/error.hpp>
#include <tessera/io/atomic_file.hpp>
#include <tessera/io/write_file.hpp>

namespace {

namespace fs = std::filesystem;

struct atomic_file : testing::Test {
    const tests::temporary_folder own;
    const fs::path folder = own.path(), target = folder / "target";

    static std::span<const std::byte> bytes(const std::string& text) { return std::as_bytes(std::span(text)); }
    static std::string content(const fs::path& path) {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    std::ptrdiff_t files() const { return std::distance(fs::directory_iterator(folder), {}); }
};

TEST_F(atomic_file, appears_whole_at_commit) {
    tessera::atomic_file file(target);
    file.write(bytes("one "));
    file.write(bytes("two"));
    EXPECT_FALSE(fs::exists(target));
    EXPECT_EQ(files(), 1);
    file.commit();
    EXPECT_EQ(content(target), "one two");
    EXPECT_EQ(files(), 1);
}

TEST_F(atomic_file, replaces_what_was_there) {
    tessera::write_file(target, bytes("a long old text"));
    tessera::write_file(target, bytes("new"));
    EXPECT_EQ(content(target), "new");
    EXPECT_EQ(files(), 1);
}

TEST_F(atomic_file, without_commit_nothing_changes) {
    tessera::write_file(target, bytes("old"));
    { tessera::atomic_file(target).write(bytes("new")); }
    EXPECT_EQ(content(target), "old");
    EXPECT_EQ(files(), 1);
}

TEST_F(atomic_file, two_writers_of_one_target_do_not_mix) {
    tessera::atomic_file first(target), second(target);
    first.write(bytes("first"));
    second.write(bytes("second"));
    first.commit();
    EXPECT_EQ(content(target), "first");
    second.commit();
    EXPECT_EQ(content(target), "second");
    EXPECT_EQ(files(), 1);
}

TEST_F(atomic_file, passes_over_the_temporary_of_a_dead_process) {
    const fs::path stale = target.string() + ".tmp-" + std::to_string(::getpid()) + "-0";
    std::ofstream(stale) << "stale";
    tessera::write_file(target, bytes("new"));
    EXPECT_EQ(content(target), "new");
    EXPECT_EQ(content(stale), "stale");
}

TEST_F(atomic_file, a_full_disk_leaves_the_target_and_no_rest) {
    tessera::write_file(target, bytes("old"));
    // A limit on the size of files stands in for a full disk.
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{10, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    std::string message;
    try {
        tessera::write_file(target, bytes("more than ten bytes"));
    } catch (const tessera::error& e) {
        message = e.what();
    }
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    EXPECT_EQ(message, target.string() + ": expected space for 9 more bytes, found File too large");
    EXPECT_EQ(content(target), "old");
    EXPECT_EQ(files(), 1);
}

TEST_F(atomic_file, a_rename_that_fails_leaves_the_target_and_no_rest) {
    tessera::atomic_file file(target);
    file.write(bytes("new"));
    fs::create_directory(target);  // a file cannot be renamed over a folder
    EXPECT_THROW(file.commit(), tessera::error);
    EXPECT_TRUE(fs::is_directory(target));
    EXPECT_EQ(files(), 1);
    EXPECT_THROW(file.write(bytes("x")), tessera::error);
    EXPECT_THROW(file.commit(), tessera::error);
}

TEST_F(atomic_file, names_a_place_that_cannot_be_written) {
    const fs::path nowhere = folder / "missing" / "file";
    try {
        tessera::write_file(nowhere, bytes("x"));
        FAIL();
    } catch (const tessera::error& e) {
        EXPECT_EQ(std::string(e.what()),
                  nowhere.string() + ": expected a folder that can be written, found No such file or directory");
    }
    EXPECT_THROW(tessera::atomic_file{folder}, tessera::error);
}

}  // namespace
