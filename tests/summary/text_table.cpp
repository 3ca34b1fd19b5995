#include <gtest/gtest.h>

#include <tessera/summary/text_table.hpp>

namespace {

using tessera::detail::text_table;

TEST(text_table, aligns_columns_and_ends_no_line_in_a_space) {
    text_table table({{"name"}, {"n", text_table::right}, {"rest"}});
    table.add({"a", "1", "x"});
    table.add({"longer", "1,000", ""});
    table.add({"short"});
    EXPECT_EQ(table.print(),
              "name        n  rest\n"
              "-------------------\n"
              "a           1  x\n"
              "longer  1,000\n"
              "short\n");
}

TEST(text_table, without_rows_is_its_heading) { EXPECT_EQ(text_table({{"a"}, {"b"}}).print(), "a  b\n----\n"); }

}  // namespace
