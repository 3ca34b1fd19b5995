// Files that NumPy, Pillow, pandas and Python's csv wrote: files/make.py.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <tessera/data/csv.hpp>
#include <tessera/data/image_file.hpp>
#include <tessera/data/npz.hpp>
#include <vector>

#include "files.hpp"

namespace {

using tests::message_of;

std::string path_of(const std::string& name) { return std::string(TESSERA_TEST_FILES) + "/" + name; }

TEST(real_files, numpy_types) {
    const tessera::npz_arrays arrays = tessera::read_npz(path_of("types.npz"));
    const std::vector<float> grid{0, 1, 2, 3, 4, 5};
    EXPECT_EQ(arrays.at("half").converted<float>(),
              (std::vector<float>{0.5F, -2, 65504, 0x1p-24F, std::numeric_limits<float>::infinity()}));
    EXPECT_EQ(arrays.at("u16").as<std::uint16_t>()[1], 65535);
    EXPECT_EQ(arrays.at("u32").as<std::uint32_t>()[1], 4294967295);
    EXPECT_EQ(arrays.at("u64").as<std::uint64_t>()[1], 18446744073709551615U);
    EXPECT_EQ(arrays.at("big_f4").as<float>(), grid);
    EXPECT_EQ(arrays.at("big_f2").converted<double>(), (std::vector<double>{1.5, -1}));
    EXPECT_EQ(arrays.at("big_f8").as<double>()[0], 1e300);
    EXPECT_THROW(arrays.at("big_f8").converted<float>(), tessera::error);
    EXPECT_EQ(arrays.unread.size(), 2U);
    EXPECT_NE(message_of([&] { arrays.at("objects"); }).find("'|O'"), std::string::npos);
    EXPECT_NE(message_of([&] { arrays.at("complex"); }).find("'<c8'"), std::string::npos);
    const tessera::npy_array fortran = tessera::read_npy(path_of("big_endian_fortran.npy"));
    EXPECT_EQ(fortran.extents, (std::vector<std::size_t>{2, 3}));
    EXPECT_EQ(fortran.converted<float>(), grid);
}

// as make.py's upright()
std::vector<float> upright(std::size_t scale) {
    std::vector<float> values;
    for (std::size_t i = 0; i < 4 * scale; ++i)
        for (std::size_t j = 0; j < 6 * scale; ++j) {
            const auto y = static_cast<float>(i / scale), x = static_cast<float>(j / scale);
            for (const float value : {40 * x, 80 * y, 255 - 20 * (x + y)}) values.push_back(value / 255);
        }
    return values;
}

TEST(real_files, pictures_are_turned_upright) {
    for (int orientation = 1; orientation <= 8; ++orientation) {
        const auto picture = tessera::read_image(path_of("orientation_" + std::to_string(orientation) + ".png"), 3);
        EXPECT_EQ(picture.extents, (tessera::image_extents{4, 6, 3})) << orientation;
        EXPECT_EQ(picture.values, upright(1)) << orientation;
    }
    const tessera::image jpeg = tessera::read_image(path_of("orientation_6.jpg"), 3);
    const std::vector<float> wanted = upright(8);
    ASSERT_EQ(jpeg.extents, (tessera::image_extents{32, 48, 3}));
    double error = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i) error += std::abs(jpeg.values[i] - wanted[i]);
    EXPECT_LT(error / static_cast<double>(wanted.size()), 0.02);
}

TEST(real_files, deep_pictures_keep_their_bits) {
    std::vector<float> wanted;
    for (const float value : {0.0F, 1.0F, 255.0F, 256.0F, 40000.0F, 65535.0F}) wanted.push_back(value / 65535);
    EXPECT_EQ(tessera::read_image(path_of("deep.png"), 1).values, wanted);
    EXPECT_EQ(tessera::read_image(path_of("deep.pgm"), 1).values, wanted);
    EXPECT_EQ(tessera::read_image(path_of("deep.png"), 3).values[3], wanted[1]);
}

TEST(real_files, bytes_strewn_into_a_jpeg_change_nothing) {
    const tessera::image plain = tessera::read_image(path_of("plain.jpg"), 3);
    EXPECT_EQ(tessera::read_image(path_of("strewn.jpg"), 3).values, plain.values);
}

TEST(real_files, tables) {
    const tessera::csv_options keeping{
        .label_column = 2, .missing = tessera::csv_missing::replaced, .missing_value = 0};
    const tessera::csv_table texts = tessera::read_csv(path_of("pandas_texts.csv"), keeping);
    EXPECT_EQ(texts.names, (std::vector<std::string>{"width", "note, long"}));
    EXPECT_EQ(texts.values, (std::vector<float>{1.5F, 7, 0, 8, 3, 9}));
    EXPECT_EQ(texts.class_names, (std::vector<std::string>{"a \"b\"", "setosa"}));
    EXPECT_EQ(texts.labels, (std::vector<std::int32_t>{1, 0, 1}));
    EXPECT_EQ(tessera::read_csv(path_of("pandas_numbers.csv"), keeping).labels, (std::vector<std::int32_t>{1, 0, 2}));
    const tessera::csv_table excel = tessera::read_csv(path_of("excel.csv"), {.delimiter = ';', .label_column = 2});
    EXPECT_EQ(excel.names, (std::vector<std::string>{"width\n(cm)", "height"}));
    EXPECT_EQ(excel.values, (std::vector<float>{1, 2, 3, 4}));
    EXPECT_EQ(excel.labels, (std::vector<std::int32_t>{1, 0}));
}

}  // namespace
