#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <tessera/ir/number_text.hpp>

namespace {

using tessera::detail::number_text;

static_assert(number_text(0.25).view() == "0.25");
static_assert(number_text(-3).view() == "-3");
static_assert(number_text(1.5e-9).view() == "1.5e-9");

TEST(NumberText, ReadsBackToSixDigits) {
    for (double x :
         {0.0, 1.0, -1.0, 10.0, 99999.99, 999999.4, 999999.9, 123456.0, 1234567.0, 1e-4, 9.9e-5, -0.00123456789, 1e300,
          2.2250738585072014e-308, std::numeric_limits<double>::max(), 0.1, 1.0 / 3}) {
        const double back = std::strtod(number_text(x).letters, nullptr);
        EXPECT_LE(std::abs(back - x), 5.1e-6 * std::abs(x)) << number_text(x).letters;
        char printed[32];
        std::snprintf(printed, sizeof printed, "%g", x);
        EXPECT_EQ(std::strtod(printed, nullptr), back) << printed;
    }
}

TEST(NumberText, WhatIsNoNumber) {
    EXPECT_EQ(number_text(std::numeric_limits<double>::infinity()).view(), "inf");
    EXPECT_EQ(number_text(-std::numeric_limits<double>::infinity()).view(), "-inf");
    EXPECT_EQ(number_text(std::numeric_limits<double>::quiet_NaN()).view(), "nan");
    EXPECT_EQ(number_text(std::numeric_limits<double>::denorm_min()).view(), "4.94066e-324");
}

}  // namespace
