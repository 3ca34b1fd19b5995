#include "../temporary_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <tessera/error/error.hpp>
#include <tessera/io/read_file.hpp>
#include <tessera/io/write_file.hpp>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct read_file : testing::Test {
    const tests::temporary_folder own;
    const fs::path folder = own.path();

    static std::string message(const fs::path& path) {
        try {
            tessera::detail::read_file(path);
        } catch (const tessera::error& e) {
            return e.what();
        }
        return "no error";
    }
};

TEST_F(read_file, gives_every_byte) {
    const std::string text("a\0\xff\n", 4);
    std::ofstream(folder / "some", std::ios::binary) << text;
    const std::vector<std::byte> bytes = tessera::detail::read_file(folder / "some");
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()), text);
}

TEST_F(read_file, an_empty_file_is_empty) {
    std::ofstream(folder / "empty").flush();
    EXPECT_TRUE(tessera::detail::read_file(folder / "empty").empty());
}

TEST_F(read_file, names_what_is_wrong) {
    const fs::path missing = folder / "missing";
    EXPECT_EQ(message(missing), missing.string() + ": expected a file, found none");
    EXPECT_EQ(message(folder), folder.string() + ": expected a file, found a folder");
    const fs::path pipe = folder / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_EQ(message(pipe), pipe.string() + ": expected a regular file, found a device or a pipe");
}

TEST_F(read_file, names_a_file_without_permission) {
    const fs::path secret = folder / "secret";
    std::ofstream(secret) << "x";
    fs::permissions(secret, fs::perms::none);
    const ::uid_t user = ::geteuid(), nobody = 65534;
    if (user == 0 && ::seteuid(nobody) != 0) GTEST_SKIP() << "the superuser may read everything";
    const std::string found = message(secret);
    ASSERT_EQ(::seteuid(user), 0);
    EXPECT_EQ(found, secret.string() + ": expected a readable file, found Permission denied");
}

}  // namespace
