#include <gtest/gtest.h>

#include <cstdint>
#include <tessera/data/npy_xtensor.hpp>
#include <vector>
#if __has_include(<xtensor/views/xview.hpp>)
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xview.hpp>
#endif

namespace {

using tessera::npy_array;

TEST(npy_xtensor, converts_both_ways) {
    const std::vector<std::uint8_t> values{1, 2, 3, 4, 5, 6};
    const xt::xarray<float> tensor = tessera::to_xtensor(npy_array::of<std::uint8_t>(values, {2, 3}));
    ASSERT_EQ(tensor.dimension(), 2U);
    EXPECT_EQ(tensor(1, 0), 4.0F);
    const npy_array back = tessera::from_xtensor(tensor);
    EXPECT_EQ(back.type, tessera::npy_type::f32);
    EXPECT_EQ(back.extents, (std::vector<std::size_t>{2, 3}));
    EXPECT_EQ(back.converted<std::uint8_t>(), values);
}

TEST(npy_xtensor, walks_over_views_row_by_row) {
    const xt::xarray<double> tensor{{1, 2, 3}, {4, 5, 6}};
    const npy_array columns = tessera::from_xtensor(xt::view(tensor, xt::all(), xt::range(1, 3)));
    EXPECT_EQ(columns.extents, (std::vector<std::size_t>{2, 2}));
    EXPECT_EQ(columns.as<double>(), (std::vector<double>{2, 3, 5, 6}));
}

}  // namespace
