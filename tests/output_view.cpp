// The view of a result: by index, by axis, and what stops the program.
#include <tessera/call/output_view.hpp>
//
#include <gtest/gtest.h>

namespace {

using namespace tessera;

constexpr float values[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
constexpr output_view<float> one(values, extents{2, 3, 2}, 1), two(values, extents{2, 3}, 2);

static_assert(one(1, 2, 0) == 10 && one(0, 1, 1) == 3 && one(0, 1, 2, 1) == 11);
static_assert(two(0, 1, 2) == 5 && two(1, 0, 1) == 7 && two(1U, 1L, 2) == 11);
static_assert(one.rank() == 3 && one.extent(1) == 3 && two.extent(-1) == 3 && two.rank() == 2);
static_assert(output_view<float>(values, extents{}, 1)(0) == 0);

TEST(output_view, every_value_in_the_order_of_the_span) {
    std::size_t k = 0;
    for (int s = 0; s < two.count; ++s)
        for (int i = 0; i < two.extent(0); ++i)
            for (int j = 0; j < two.extent(1); ++j) EXPECT_EQ(&two(s, i, j), &two[k++]);
    EXPECT_EQ(k, two.size());
}

TEST(output_view_death, what_is_not_there) {
    EXPECT_DEATH((void)one(1, 2), "result of a call: expected an index for each axis of a sample, found 2");
    EXPECT_DEATH((void)two(1, 2), "expected the sample first where there are several, found 2");
    EXPECT_DEATH((void)one(0, 3, 0), "expected an index below the extent of its axis, found 3");
    EXPECT_DEATH((void)two(2, 0, 0), "expected an index below the extent of its axis, found 2");
    EXPECT_DEATH((void)one(-1, 0, 0), "expected an index below the extent of its axis, found -1");
    EXPECT_DEATH((void)two.extent(2), "extent of a result: expected an axis of a sample, found 2");
}

}  // namespace
