#include "places.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <set>
#include <tessera/data/augment/random_shift.hpp>

namespace {

TEST(random_shift, reaches_every_place_in_its_range_and_no_other) {
    EXPECT_EQ(tests::places(tessera::random_shift{.rows = 0, .columns = 2}), (std::set<std::ptrdiff_t>{5, 6, 7, 8, 9}));
    EXPECT_EQ(tests::places(tessera::random_shift{.rows = 1, .columns = 0}), (std::set<std::ptrdiff_t>{2, 7, 12}));
    EXPECT_EQ(tests::places(tessera::random_shift{}), (std::set<std::ptrdiff_t>{7}));
}

}  // namespace
