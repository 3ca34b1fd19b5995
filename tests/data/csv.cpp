#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tessera/data/csv.hpp>
#include <vector>

#include "files.hpp"

namespace {

using tessera::csv_options;
using tests::message_of;

tessera::csv_table parse(std::string_view text, const csv_options& options = {}) {
    return tessera::parse_csv(tests::bytes_of(text), "f", options);
}

std::string message(std::string_view text, const csv_options& options = {}) {
    return message_of([&] { parse(text, options); });
}

TEST(csv, reads_rows_of_numbers) {
    const tessera::csv_table table = parse("1,2.5,-3e2\n4, +5 ,.5\n");
    EXPECT_EQ(table.rows, 2U);
    EXPECT_EQ(table.columns, 3U);
    EXPECT_EQ(table.values, (std::vector<float>{1, 2.5F, -300, 4, 5, 0.5F}));
    EXPECT_TRUE(table.names.empty());
    EXPECT_TRUE(table.labels.empty());
}

TEST(csv, reads_header_and_labels) {
    const tessera::csv_table table =
        parse("width,class,\"a \"\"height\"\"\"\n1,2,3\n4,0,6", {.header = true, .label_column = 1});
    EXPECT_EQ(table.names, (std::vector<std::string>{"width", "a \"height\""}));
    EXPECT_EQ(table.values, (std::vector<float>{1, 3, 4, 6}));
    EXPECT_EQ(table.labels, (std::vector<std::int32_t>{2, 0}));
    EXPECT_EQ(table.columns, 2U);
}

TEST(csv, takes_other_delimiters_line_ends_and_a_byte_order_mark) {
    EXPECT_EQ(parse("\xEF\xBB\xBF"
                    "1;2\r\n3;4\r\n",
                    {.delimiter = ';'})
                  .values,
              (std::vector<float>{1, 2, 3, 4}));
    EXPECT_EQ(parse("1\t 2\n", {.delimiter = '\t'}).values, (std::vector<float>{1, 2}));
    EXPECT_EQ(parse("\"1\" , \"2\"").values, (std::vector<float>{1, 2}));
    EXPECT_EQ(parse("7").values, (std::vector<float>{7}));
}

TEST(csv, rounds_numbers_too_small_for_a_float) {
    EXPECT_EQ(parse("1e-50,-1e-50,1e-45,3.4028235e38\n").values,
              (std::vector<float>{0, 0, std::numeric_limits<float>::denorm_min(), std::numeric_limits<float>::max()}));
    EXPECT_EQ(message("1e-50x\n"), "f, line 1, column 1: expected a number, found '1e-50x'");
}

TEST(csv, refuses_what_is_no_number) {
    EXPECT_EQ(message("1,2\n3,x4\n"), "f, line 2, column 2: expected a number, found 'x4'");
    EXPECT_EQ(message("1,2\n3,4y\n"), "f, line 2, column 2: expected a number, found '4y'");
    EXPECT_EQ(message("1,\n"), "f, line 1, column 2: expected a number, found nothing");
    EXPECT_EQ(message("nan\n"), "f, line 1, column 1: expected a number, found 'nan'");
    EXPECT_EQ(message("1e99\n"), "f, line 1, column 1: expected a number, found '1e99'");
    EXPECT_EQ(message("+-1\n"), "f, line 1, column 1: expected a number, found '+-1'");
    EXPECT_EQ(message(std::string(50, 'a')),
              "f, line 1, column 1: expected a number, found '" + std::string(40, 'a') + "...'");
}

TEST(csv, refuses_rows_of_another_length) {
    EXPECT_EQ(message("1,2\n3,4,5\n"), "f, line 2: expected 2 columns, found 3");
    EXPECT_EQ(message("a,b\n1\n", {.header = true}), "f, line 2: expected 2 columns, found 1");
    EXPECT_EQ(message("1,2\n\n3,4\n"), "f, line 2: expected 2 columns, found 1");
}

TEST(csv, refuses_bad_labels) {
    EXPECT_EQ(message("1,0.5", {.label_column = 1}), "f, line 1, column 2: expected a class index, found '0.5'");
    EXPECT_EQ(message("1,-1", {.label_column = 1}), "f, line 1, column 2: expected a class index, found '-1'");
    EXPECT_EQ(message("1,2", {.label_column = 2}),
              "f, line 1: expected a label column at position 2 from 0, found 2 columns");
    EXPECT_EQ(message("1", {.label_column = 0}), "f, line 1: expected a column besides the label, found none");
}

TEST(csv, refuses_empty_tables) {
    EXPECT_EQ(message(""), "f: expected at least one row of numbers, found none");
    EXPECT_EQ(message("a,b\n", {.header = true}), "f: expected at least one row of numbers, found none");
}

TEST(csv, refuses_bad_quotes) {
    EXPECT_EQ(message("\"1\n2\""), "f, line 1, column 1: expected a closing quote, found the end of the line");
    EXPECT_EQ(message("\"1\"2"), "f, line 1, column 1: expected a delimiter after the quoted field, found '2'");
}

TEST(csv, becomes_a_dataset) {
    const csv_options labelled{.label_column = 0};
    const tessera::dataset data = tessera::to_dataset(parse("1,5,6\n0,7,8\n", labelled), {"no", "yes"}, "f");
    EXPECT_EQ(data.extents, (tessera::image_extents{1, 1, 2}));
    EXPECT_EQ(data.image(1)[0], 7.0F);
    EXPECT_EQ(message_of([&] { tessera::to_dataset(parse("0,1\n2,1\n", labelled), {"no", "yes"}, "f"); }),
              "f, sample 1: expected a label in 0..1, found 2");
    EXPECT_EQ(message_of([] { tessera::to_dataset(parse("0,1\n"), {"no"}, "f"); }),
              "f: expected 1 labels, one a row, found 0");
}

TEST(csv, reads_files) {
    const tests::folder folder;
    EXPECT_EQ(tessera::read_csv(folder.write("a.csv", tests::bytes_of("1,2"))).values, (std::vector<float>{1, 2}));
    const auto none = folder.path() / "none.csv";
    EXPECT_EQ(message_of([&] { tessera::read_csv(none); }), none.string() + ": expected a file, found none");
    const auto bad = folder.write("bad.csv", tests::bytes_of("1,?"));
    EXPECT_EQ(message_of([&] { tessera::read_csv(bad); }),
              bad.string() + ", line 1, column 2: expected a number, found '?'");
}

}  // namespace
