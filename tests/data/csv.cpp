#include <gtest/gtest.h>

#include <cmath>
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
    EXPECT_EQ(message("1e-50x\n", {.header = false}), "f, line 1, column 1: expected a number, found '1e-50x'");
}

TEST(csv, refuses_what_is_no_number) {
    EXPECT_EQ(message("1,2\n3,x4\n"), "f, line 2, column 2: expected a number, found 'x4'");
    EXPECT_EQ(message("1,2\n3,4y\n"), "f, line 2, column 2: expected a number, found '4y'");
    const std::string hint = " (csv_options::missing says what becomes of it)";
    EXPECT_EQ(message("1,2\n1,\n"), "f, line 2, column 2: expected a number, found nothing" + hint);
    EXPECT_EQ(message("nan\n"), "f, line 1, column 1: expected a number, found 'nan'" + hint);
    EXPECT_EQ(message("inf\n", {.header = false}), "f, line 1, column 1: expected a number, found 'inf'");
    EXPECT_EQ(message("1e99\n", {.header = false}), "f, line 1, column 1: expected a number, found '1e99'");
    EXPECT_EQ(message("+-1\n", {.header = false}), "f, line 1, column 1: expected a number, found '+-1'");
    EXPECT_EQ(message(std::string(50, 'a'), {.header = false}),
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
    EXPECT_EQ(message("1\n\"1\n2"), "f, line 2, column 1: expected a closing quote, found the end of the file");
    EXPECT_EQ(message("\"1\"2"), "f, line 1, column 1: expected a delimiter after the quoted field, found '2'");
}

TEST(csv, finds_a_header) {
    const tessera::csv_table table = parse("width,height\n1,2\n");
    EXPECT_EQ(table.names, (std::vector<std::string>{"width", "height"}));
    EXPECT_EQ(table.values, (std::vector<float>{1, 2}));
    // names that are numbers, told by the label's
    const tessera::csv_table numbered = parse("0,1,label\n5,6,1\n7,8,0\n", {.label_column = 2});
    EXPECT_EQ(numbered.names, (std::vector<std::string>{"0", "1"}));
    EXPECT_EQ(numbered.labels, (std::vector<std::int32_t>{1, 0}));
    EXPECT_EQ(parse("1,2\n3,4\n", {.header = true}).values, (std::vector<float>{3, 4}));
    EXPECT_EQ(message("a,b\n1,2\n", {.header = false}), "f, line 1, column 1: expected a number, found 'a'");
    EXPECT_EQ(message("1,b\n1,2\n"), "f, line 1, column 2: expected a number, found 'b'");
}

TEST(csv, labels_may_be_texts) {
    const tessera::csv_table table = parse("1,setosa\n2,Virginica\n3,setosa\n4,\"1\"\n", {.label_column = 1});
    EXPECT_EQ(table.class_names, (std::vector<std::string>{"1", "Virginica", "setosa"}));
    EXPECT_EQ(table.labels, (std::vector<std::int32_t>{2, 1, 2, 0}));
    const csv_options same{.label_column = 1, .class_names = {"virginica", "setosa", "1"}};
    const tessera::csv_table test = parse("1,setosa\n4,1\n", same);
    EXPECT_EQ(test.class_names, same.class_names);
    EXPECT_EQ(test.labels, (std::vector<std::int32_t>{1, 2}));
    EXPECT_EQ(message("1,setosa\n4,Setosa\n", same),
              "f, line 2, column 2: expected one of the 3 class names, found 'Setosa'");
    EXPECT_EQ(message("1,no\n4,\n", {.label_column = 1}),
              "f, line 2, column 2: expected a label, found nothing (csv_options::missing says what becomes of it)");
    EXPECT_EQ(message("1,0\n4,no\n", {.label_column = 1}), "f, line 2, column 2: expected a class index, found 'no'");
    EXPECT_EQ(message("1,b\n", {.label_column = 1, .class_names = {"a", "b", "a"}}),
              "f: expected class_names that differ, found 'a' twice");
    const tessera::dataset data = tessera::to_dataset(table, "f");
    EXPECT_EQ(data.class_names[2], "setosa");
    EXPECT_EQ(message_of([] { tessera::to_dataset(parse("0,1\n", {.label_column = 0}), "f"); }),
              "f: expected labels that are texts, or names for the classes, found none");
}

TEST(csv, labels_may_be_written_as_reals) {
    EXPECT_EQ(parse("1,1.0\n2,0.\n3,2e0\n", {.label_column = 1}).labels, (std::vector<std::int32_t>{1, 0, 2}));
    EXPECT_EQ(message("1,1.0\n2,1.5\n", {.label_column = 1}),
              "f, line 2, column 2: expected a class index, found '1.5'");
    EXPECT_EQ(message("1,3e9\n", {.label_column = 1}), "f, line 1, column 2: expected a class index, found '3e9'");
}

TEST(csv, missing_values_are_replaced_or_their_rows_skipped) {
    const std::string text = "1,2\n,3\nNaN,4\n5,NA\n?,null\n6,7\n";
    const tessera::csv_table replaced = parse(text, {.missing = tessera::csv_missing::replaced, .missing_value = -1});
    EXPECT_EQ(replaced.values, (std::vector<float>{1, 2, -1, 3, -1, 4, 5, -1, -1, -1, 6, 7}));
    EXPECT_EQ(replaced.replaced, 5u);
    EXPECT_TRUE(std::isnan(parse(text, {.missing = tessera::csv_missing::replaced}).values[2]));
    const tessera::csv_table skipped = parse(text, {.missing = tessera::csv_missing::row_skipped});
    EXPECT_EQ(skipped.values, (std::vector<float>{1, 2, 6, 7}));
    EXPECT_EQ(skipped.rows, 2u);
    EXPECT_EQ(skipped.skipped_rows, 4u);
    // of labels
    const csv_options labelled{.label_column = 0, .missing = tessera::csv_missing::row_skipped};
    const tessera::csv_table table = parse("1,2\n,3\nNaN,4\n0,NA\n0,5\n", labelled);
    EXPECT_EQ(table.labels, (std::vector<std::int32_t>{1, 0}));
    EXPECT_EQ(table.values, (std::vector<float>{2, 5}));
    EXPECT_EQ(message("1,2\n,3\n", {.label_column = 0, .missing = tessera::csv_missing::replaced}),
              "f, line 2, column 1: expected a class index, found nothing");
    EXPECT_EQ(message("1,2\n3,x\n", {.missing = tessera::csv_missing::replaced}),
              "f, line 2, column 2: expected a number, found 'x'");
}

TEST(csv, lines_without_content_at_the_end_are_none) {
    for (const char* const text : {"1,2\n\n", "1,2\n \n\r\n", "1,2\n,\n", "1,2\n,\n\n"})
        EXPECT_EQ(parse(text).values, (std::vector<float>{1, 2})) << text;
    EXPECT_EQ(parse("7\n\n").values, (std::vector<float>{7}));
    const csv_options replacing{.missing = tessera::csv_missing::replaced, .missing_value = 9};
    EXPECT_EQ(parse("1,2\n,\n3,4\n,\n", replacing).values, (std::vector<float>{1, 2, 9, 9, 3, 4}));
    EXPECT_EQ(parse("1\n\n3\n", replacing).values, (std::vector<float>{1, 9, 3}));
    EXPECT_EQ(message("1,2\n\n\n3,4\n"), "f, line 2: expected 2 columns, found 1");
}

TEST(csv, a_delimiter_may_end_every_line) {
    EXPECT_EQ(parse("1,2,\n3,4,\n").values, (std::vector<float>{1, 2, 3, 4}));
    EXPECT_EQ(parse("1,\r\n3,").values, (std::vector<float>{1, 3}));
    const tessera::csv_table table = parse("a,b,\n1,2,\n\n");
    EXPECT_EQ(table.names, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(parse("a,b\n1,2,\n3,4,\n").values, (std::vector<float>{1, 2, 3, 4}));
    // one that ends the first line alone is a missing value
    EXPECT_EQ(message("1,\n3,4\n").substr(0, 61), "f, line 1, column 2: expected a number, found nothing (csv_op");
    EXPECT_EQ(message("1,2,\n3,4,5,\n"), "f, line 2: expected 2 columns, found 4");
}

TEST(csv, quoted_fields_hold_line_ends_and_delimiters) {
    const tessera::csv_table table = parse("\"a\r\nb\",\"c,d\"\r\n1,2\r\n");
    EXPECT_EQ(table.names, (std::vector<std::string>{"a\r\nb", "c,d"}));
    EXPECT_EQ(table.values, (std::vector<float>{1, 2}));
    EXPECT_EQ(message("\"a\nb\",c\n1,2\n3,x\n"), "f, line 4, column 2: expected a number, found 'x'");
    EXPECT_EQ(parse("1,\"x\ny\"\n2,z\n", {.label_column = 1}).class_names, (std::vector<std::string>{"x\ny", "z"}));
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
              bad.string() +
                  ", line 1, column 2: expected a number, found '?' (csv_options::missing says what becomes of it)");
}

}  // namespace
