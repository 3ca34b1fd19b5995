#include <gtest/gtest.h>

#include <tessera/summary/grouped_digits.hpp>

namespace {

using tessera::detail::grouped_digits;

TEST(grouped_digits, puts_a_comma_before_every_third_digit) {
    EXPECT_EQ(grouped_digits(0), "0");
    EXPECT_EQ(grouped_digits(999), "999");
    EXPECT_EQ(grouped_digits(1000), "1,000");
    EXPECT_EQ(grouped_digits(61706), "61,706");
    EXPECT_EQ(grouped_digits(123456), "123,456");
    EXPECT_EQ(grouped_digits(1234567890123), "1,234,567,890,123");
}

TEST(grouped_digits, keeps_the_sign_apart) {
    EXPECT_EQ(grouped_digits(-1), "-1");
    EXPECT_EQ(grouped_digits(-100), "-100");
    EXPECT_EQ(grouped_digits(-1000), "-1,000");
    EXPECT_EQ(grouped_digits(-123456), "-123,456");
}

}  // namespace
