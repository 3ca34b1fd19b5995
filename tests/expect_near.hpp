// expect_near: that lists of numbers are as long as each other, and close, one by one.
#pragma once
#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

inline void expect_near(const std::vector<double>& found, const std::vector<double>& wanted, double allowed = 1e-12) {
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(found[i], wanted[i], allowed) << i;
}
