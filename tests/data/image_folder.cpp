#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <sstream>
#include <string>
#include <tessera/data/image_folder.hpp>
#include <vector>

#include "files.hpp"

namespace {

using tessera::read_image_folder;
using tests::bytes_of;
using tests::message_of;
using tests::operator+;

// A grey picture of one row in which every pixel has this value.
tests::bytes pgm(int value, std::size_t width = 2) {
    return bytes_of("P5 " + std::to_string(width) + " 1 255\n") + tests::bytes(width, static_cast<std::byte>(value));
}

const tessera::image_folder_options grey{.channels = 1};

TEST(image_folder, numbers_classes_in_byte_order_and_sorts_files) {
    const tests::folder folder;
    folder.write("dog/2.pgm", pgm(2));
    folder.write("dog/10.PGM", pgm(1));
    folder.write("Zebra/deeper/a.pgm", pgm(3));
    folder.write(
        "\xC3\xA4"
        "ffin/a.pgm",
        pgm(4));
    folder.write("dog/notes.txt", bytes_of("passed over"));
    folder.write("beside.pgm", pgm(9));
    const tessera::dataset data = read_image_folder(folder.path(), grey);
    EXPECT_EQ(data.class_names, (std::vector<std::string>{"Zebra", "dog",
                                                          "\xC3\xA4"
                                                          "ffin"}));
    EXPECT_EQ(data.labels, (std::vector<std::int32_t>{0, 1, 1, 2}));
    EXPECT_EQ(data.extents, (tessera::image_extents{1, 2, 1}));
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(data.image(i)[0], std::vector<float>({3, 1, 2, 4})[i] / 255.0F);
    EXPECT_NO_THROW(data.check("folder"));
}

TEST(image_folder, a_new_class_shifts_the_others) {
    const tests::folder folder;
    folder.write("b/x.pgm", pgm(1));
    EXPECT_EQ(read_image_folder(folder.path(), grey).labels[0], 0);
    folder.write("a/x.pgm", pgm(1));
    EXPECT_EQ(read_image_folder(folder.path(), grey).labels[1], 1);
}

TEST(image_folder, requires_one_size_or_resizes) {
    const tests::folder folder;
    folder.write("a/1.pgm", pgm(8, 2));
    const auto wide = folder.write("a/2.pgm", pgm(8, 4));
    EXPECT_EQ(message_of([&] { read_image_folder(folder.path(), grey); }),
              wide.string() + ": expected a picture of 1 x 2 x 1, found 1 x 4 x 1");
    EXPECT_EQ(message_of([&] { read_image_folder(folder.path(), {.channels = 1, .height = 3, .width = 2}); }),
              (folder.path() / "a/1.pgm").string() + ": expected a picture of 3 x 2 x 1, found 1 x 2 x 1");
    const auto data = read_image_folder(folder.path(), {.channels = 3, .height = 2, .width = 3, .resize = true});
    EXPECT_EQ(data.size(), 2U);
    EXPECT_EQ(data.extents, (tessera::image_extents{2, 3, 3}));
    EXPECT_EQ(data.images, std::vector<float>(36, 8.0F / 255.0F));
}

TEST(image_folder, refuses_empty_and_missing_folders) {
    const tests::folder folder;
    const auto none = folder.path() / "none";
    EXPECT_EQ(message_of([&] { read_image_folder(none); }),
              none.string() + ": expected a folder of classes, found none");
    EXPECT_EQ(message_of([&] { read_image_folder(folder.path()); }),
              folder.path().string() + ": expected at least one class folder, found none");
    folder.write("a/x.pgm", pgm(1));
    std::filesystem::create_directory(folder.path() / "b");
    EXPECT_EQ(message_of([&] { read_image_folder(folder.path()); }),
              (folder.path() / "b").string() + ": expected at least one picture, found none");
}

TEST(image_folder, says_why_the_system_does_not_show_a_path) {
    const tests::folder folder;
    const auto longer = folder.path() / std::string(300, 'a');
    EXPECT_EQ(message_of([&] { read_image_folder(longer); }),
              longer.string() + ": expected a folder of classes, found File name too long");
    folder.write("a/1.pgm", pgm(1));
    const auto picture = folder.path() / "a/2.pgm", beside = folder.path() / "b";
    std::filesystem::create_symlink(picture, picture);
    EXPECT_EQ(message_of([&] { read_image_folder(folder.path()); }),
              picture.string() + ": expected a picture, found Too many levels of symbolic links");
    std::filesystem::create_symlink(beside, beside);
    EXPECT_EQ(message_of([&] { read_image_folder(folder.path()); }),
              beside.string() + ": expected a class folder or a file, found Too many levels of symbolic links");
}

TEST(image_folder, hidden_names_are_passed_over_and_counted) {
    const tests::folder folder;
    folder.write(".git/objects/a.pgm", pgm(9));
    folder.write(".ipynb_checkpoints/cat.pgm", pgm(9));
    folder.write("__MACOSX/cat/a.pgm", pgm(9));
    folder.write(".DS_Store", bytes_of("x"));
    folder.write("cat/._1.pgm", bytes_of("no picture"));
    folder.write("cat/.ipynb_checkpoints/1-checkpoint.pgm", pgm(9));
    folder.write("cat/1.pgm", pgm(1));
    folder.write("dog/2.pgm", pgm(2));
    std::ostringstream messages;
    const tessera::dataset data = read_image_folder(folder.path(), {.channels = 1, .messages = &messages});
    EXPECT_EQ(data.class_names, (std::vector<std::string>{"cat", "dog"}));
    EXPECT_EQ(data.images, (std::vector<float>{1 / 255.0F, 1 / 255.0F, 2 / 255.0F, 2 / 255.0F}));
    const std::string said = messages.str();
    EXPECT_TRUE(said.starts_with(folder.path().string() + ": passed over 6 hidden files and folders (")) << said;
    EXPECT_TRUE(said.ends_with(", ...)\n")) << said;
    std::filesystem::remove_all(folder.path() / ".git");
    messages.str("");
    read_image_folder(folder.path(), {.channels = 1, .messages = &messages});
    EXPECT_NE(messages.str().find("passed over 5 "), std::string::npos);
    for (const char* const name : {"__MACOSX", ".DS_Store", "cat/._1.pgm", "cat/.ipynb_checkpoints"})
        EXPECT_NE(messages.str().find(name), std::string::npos) << messages.str();
    read_image_folder(folder.path(), {.channels = 1, .messages = nullptr});
    for (const char* const name : {"__MACOSX", ".ipynb_checkpoints", "cat/._1.pgm", "cat/.ipynb_checkpoints"})
        std::filesystem::remove_all(folder.path() / name);
    messages.str("");
    read_image_folder(folder.path(), {.channels = 1, .messages = &messages});
    EXPECT_EQ(messages.str(), folder.path().string() + ": passed over 1 hidden file or folder (.DS_Store)\n");
}

TEST(image_folder, an_option_skips_what_cannot_be_read) {
    const tests::folder folder;
    folder.write("a/1.pgm", pgm(1));
    const auto bad = folder.write("a/2.pgm", tests::without_last(pgm(1)));
    std::ostringstream messages;
    const tessera::image_folder_options skipping{.channels = 1, .skip_unreadable = true, .messages = &messages};
    EXPECT_EQ(read_image_folder(folder.path(), skipping).size(), 1U);
    EXPECT_EQ(messages.str(), folder.path().string() + ": passed over 1 picture that cannot be read (" + bad.string() +
                                  ", byte 11: expected the rows of the picture (2 bytes), found 1 bytes)\n");
    folder.write("b/1.pgm", bytes_of("none"));
    EXPECT_EQ(message_of([&] { read_image_folder(folder.path(), skipping); }),
              (folder.path() / "b").string() + ": expected at least one picture that can be read, found none");
    folder.write("b/1.pgm", pgm(1, 3));
    EXPECT_NE(message_of([&] { read_image_folder(folder.path(), skipping); }).find("expected a picture of 1 x 2 x 1"),
              std::string::npos);
}

TEST(image_folder, names_the_damaged_picture) {
    const tests::folder folder;
    folder.write("a/1.pgm", pgm(1));
    const auto bad = folder.write("a/2.pgm", tests::without_last(pgm(1)));
    EXPECT_EQ(message_of([&] { read_image_folder(folder.path()); }),
              bad.string() + ", byte 11: expected the rows of the picture (2 bytes), found 1 bytes");
}

}  // namespace
