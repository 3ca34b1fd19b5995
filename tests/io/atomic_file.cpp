#include "../message_of.hpp"
#include "../temporary_folder.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <tessera/error/error.hpp>
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
    tessera::detail::atomic_file file(target);
    file.write(bytes("one "));
    file.write(bytes("two"));
    EXPECT_FALSE(fs::exists(target));
    EXPECT_EQ(files(), 1);
    file.commit();
    EXPECT_EQ(content(target), "one two");
    EXPECT_EQ(files(), 1);
}

TEST_F(atomic_file, replaces_what_was_there) {
    tessera::detail::write_file(target, bytes("a long old text"));
    tessera::detail::write_file(target, bytes("new"));
    EXPECT_EQ(content(target), "new");
    EXPECT_EQ(files(), 1);
}

TEST_F(atomic_file, without_commit_nothing_changes) {
    tessera::detail::write_file(target, bytes("old"));
    { tessera::detail::atomic_file(target).write(bytes("new")); }
    EXPECT_EQ(content(target), "old");
    EXPECT_EQ(files(), 1);
}

TEST_F(atomic_file, two_writers_of_one_target_do_not_mix) {
    tessera::detail::atomic_file first(target), second(target);
    first.write(bytes("first"));
    second.write(bytes("second"));
    first.commit();
    EXPECT_EQ(content(target), "first");
    second.commit();
    EXPECT_EQ(content(target), "second");
    EXPECT_EQ(files(), 1);
}

TEST_F(atomic_file, removes_what_a_killed_process_left) {
    const fs::path stale = target.string() + ".tmp-" + std::to_string(::getpid()) + "-0";
    const fs::path older = target.string() + ".tmp-1-12", other = folder / "targets.tmp-1-12";
    const fs::path similar = target.string() + ".tmp-1-x";
    for (const fs::path& path : {stale, older, other, similar}) std::ofstream(path) << "stale";
    const fs::path pipe = target.string() + ".tmp-1-0";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    tessera::detail::write_file(target, bytes("new"));
    EXPECT_EQ(content(target), "new");
    EXPECT_FALSE(fs::exists(stale) || fs::exists(older));
    EXPECT_TRUE(fs::exists(other) && fs::exists(similar) && fs::exists(pipe));
}

TEST_F(atomic_file, a_save_that_was_killed_leaves_nothing_behind_the_next) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        tessera::detail::atomic_file file(target);
        file.write(bytes("half"));
        ::kill(::getpid(), SIGKILL);
    }
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    EXPECT_EQ(files(), 1);
    tessera::detail::write_file(target, bytes("whole"));
    EXPECT_EQ(content(target), "whole");
    EXPECT_EQ(files(), 1);
}

TEST_F(atomic_file, refuses_what_is_not_a_regular_file) {
    ASSERT_EQ(::mkfifo(target.c_str(), 0600), 0);
    const std::string wanted = ": expected a regular file to replace, or none, found a device, a pipe or a socket";
    EXPECT_EQ(tests::message_of([&] { tessera::detail::write_file(target, bytes("x")); }), target.string() + wanted);
    EXPECT_TRUE(fs::is_fifo(target));
    const fs::path link = folder / "link";
    fs::create_symlink(target, link);
    EXPECT_EQ(tests::message_of([&] { tessera::detail::write_file(link, bytes("x")); }), link.string() + wanted);
    EXPECT_EQ(tests::message_of([&] { tessera::detail::write_file("/dev/null", bytes("x")); }), "/dev/null" + wanted);
    EXPECT_EQ(files(), 2);
}

TEST_F(atomic_file, keeps_the_mode) {
    const auto mode = [&] { return static_cast<unsigned>(fs::status(target).permissions()); };
    const mode_t mask = ::umask(022);
    tessera::detail::write_file(target, bytes("one"));
    EXPECT_EQ(mode(), 0644u);
    for (const unsigned kept : {0600u, 0666u, 0751u}) {
        fs::permissions(target, static_cast<fs::perms>(kept));
        tessera::detail::write_file(target, bytes("two"));
        EXPECT_EQ(mode(), kept);
    }
    ::umask(mask);
}

TEST_F(atomic_file, a_full_disk_leaves_the_target_and_no_rest) {
    tessera::detail::write_file(target, bytes("old"));
    // A limit on the size of files stands in for a full disk.
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{10, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    std::string message;
    try {
        tessera::detail::write_file(target, bytes("more than ten bytes"));
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
    tessera::detail::atomic_file file(target);
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
        tessera::detail::write_file(nowhere, bytes("x"));
        FAIL();
    } catch (const tessera::error& e) {
        EXPECT_EQ(std::string(e.what()),
                  nowhere.string() + ": expected a folder that can be written, found No such file or directory");
    }
    EXPECT_THROW(tessera::detail::atomic_file{folder}, tessera::error);
}

}  // namespace
