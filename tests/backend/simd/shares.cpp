// How many shares work is cut into: more than 32 of large work, no more than before of small, and a room that falls
// nowhere. That results are the same on any number of threads is tested with each kernel.
#include <gtest/gtest.h>

#include <tessera/backend/simd/attention_gradient.hpp>
#include <tessera/backend/simd/batched_product.hpp>
#include <tessera/backend/simd/convolution_backward_filter.hpp>
#include <tessera/backend/simd/reduction.hpp>
#include <tessera/backend/simd/shares.hpp>
#include <tessera/backend/simd/sweep.hpp>

namespace {

using namespace tessera::detail::simd;

static_assert(shares(0, 64) == 0 && shares(1, 64) == 1);
static_assert(shares(1000, 0) == 1000);      // what needs no room has no bound
static_assert(shares(20, 1 << 30) == 20);    // nor has a small number
static_assert(shares(1000, 1 << 30) == 32);  // too large a room for more
static_assert(shares(1000, 1 << 16) == 64);  // as many as fit
static_assert(shares(1000, 64) == enough_shares);
static_assert(shares(1000, 1 << 30, 16) == 16);

TEST(shares, room_holds_all_and_falls_nowhere) {
    for (int least : {16, 32})
        for (int items = 0; items < 600; items += items < 40 ? 1 : 37) {
            std::size_t before = 0;
            for (std::size_t each = 0; each < (std::size_t(1) << 20); each += each < 4096 ? 64 : 10048) {
                const std::size_t room = room_of_shares(items, each, least);
                ASSERT_GE(room, std::size_t(shares(items, each, least)) * each);
                ASSERT_GE(room, before);
                ASSERT_LE(room, room_of_shares(items + 1, each, least));
                before = room;
            }
        }
}

template <class T> constexpr sweep_plan<default_arch, T> padded_images(int count) {
    convolution_shape s;
    s.count = count, s.in_channels = 8, s.out_channels = 16;
    for (int axis : {1, 2}) s.in[axis] = 12, s.w.kernel[axis] = 3, s.w.before[axis] = s.w.after[axis] = 1;
    return sweep_plan<default_arch, T>(forward_sweep(with_output(s)));
}
// 3x3, by default with the same extents before and after
template <class T> constexpr sweep_plan<default_arch, T> images(int count, int extent, int channels, int border = 1) {
    convolution_shape s;
    s.count = count, s.in_channels = s.out_channels = channels;
    for (int axis : {1, 2}) s.in[axis] = extent, s.w.kernel[axis] = 3, s.w.before[axis] = s.w.after[axis] = border;
    return sweep_plan<default_arch, T>(forward_sweep(with_output(s)));
}
template <class T> constexpr backward_filter_plan<default_arch, T> filter_of_images(int count) {
    convolution_shape s;
    s.count = count, s.in_channels = 8, s.out_channels = 16;
    for (int axis : {1, 2}) s.in[axis] = 12, s.w.kernel[axis] = 3, s.w.before[axis] = s.w.after[axis] = 1;
    return backward_filter_plan<default_arch, T>(with_output(s));
}

template <class T> class shares_of : public testing::Test {};
using scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(shares_of, scalars);

TYPED_TEST(shares_of, every_kernel) {
    using T = TypeParam;
    using sum = reduction_plan<default_arch, T>;
    EXPECT_EQ(sum({20, 1 << 20, 1}).slots, 20);
    EXPECT_EQ(sum({1, 500'000, 1}).slices, 15);
    EXPECT_EQ(sum({1, 2'000'000, 1}).slices, 61);
    EXPECT_EQ(sum({1, 2'000'000, 1}).slots, 61);
    EXPECT_EQ(sum({1, 1 << 24, 1}).slices, enough_shares);
    EXPECT_EQ(sum({1, 4096, 1024}).slices, 16);  // few rows to a slice
    const int most = int(room_for_shares / sum::slot_bytes());
    EXPECT_EQ(sum({4000, 700, 1}).slots, std::min(most, 85));
    EXPECT_EQ(sum({1, 2, 100'000}).slots, 32);  // 98 tasks, of little work
    EXPECT_EQ(sum({1 << 16, 1024, 1}).slots, std::min(most, enough_shares));

    EXPECT_EQ(padded_images<T>(20).slots, 20);
    EXPECT_EQ(padded_images<T>(200).slots, 200);
    // large work: shares of the channels, and lower bands
    const auto few = images<T>(1, 7, 512), large = images<T>(20, 100, 64);
    EXPECT_EQ(few.bands, 7);
    EXPECT_EQ(few.splits, 4);  // each copies its rows
    const auto in_place = images<T>(1, 9, 512, 0);
    EXPECT_EQ(in_place.bands, 7);
    EXPECT_EQ(in_place.splits, std::min(in_place.panels(), (enough_shares + 6) / 7));
    EXPECT_GE(large.bands, 15);
    EXPECT_GE(large.tasks, enough_shares);
    EXPECT_EQ(images<T>(300, 100, 64).bands, images<T>(4000, 100, 64).bands);
    EXPECT_EQ(filter_of_images<T>(20).slices, 16);
    EXPECT_EQ(filter_of_images<T>(400).slices, 400 * 12 * 12 / 1024);

    const attention_shape heads{16, 16, 4, 8, 8};
    EXPECT_EQ((attention_plan<default_arch, T>(heads, 8).slots), 32);
    EXPECT_EQ((attention_plan<default_arch, T>(heads, 30).slots), 120);
    EXPECT_EQ((attention_gradient_plan<default_arch, T>(heads, 8, false).slots), 32);
    EXPECT_EQ((attention_gradient_plan<default_arch, T>(heads, 30, false).slots), 120);
    EXPECT_EQ((attention_gradient_plan<default_arch, T>(heads, 30, true).slots), 120);

    using plan = product_plan<default_arch, T>;
    EXPECT_EQ(plan(dense_product(8, 33, 12 * plan::depth)).slices, 6);
    EXPECT_EQ(plan(dense_product(8, 33, 120 * plan::depth)).slices, 60);
    // rows that are computed: a room for each block of 128
    EXPECT_EQ((plan(dense_product(5000, 6, 64), beforehand::nothing, true).slots), 40);
    EXPECT_EQ((plan(dense_product(100'000, 18, 64), beforehand::nothing, true).slots),
              int(room_for_shares / (128 * 64 * sizeof(T))));
    EXPECT_EQ((plan(dense_product(100'000, 18, 400), beforehand::nothing, true).slots), 32);
    // blocks of rows, which need none: fewer where there are many blocks of columns
    EXPECT_EQ(plan(dense_product(8192, 6 * plan::panel, 500)).row_blocks, enough_shares);
    EXPECT_EQ(plan(dense_product(160, 100, 500)).row_blocks, 10);
    EXPECT_EQ(plan(dense_product(1600, 64 * plan::panel, 500)).row_blocks, enough_shares / 8);
    EXPECT_EQ(plan(dense_product(1600, 640 * plan::panel, 500)).row_blocks, 16);
    EXPECT_EQ(batched_product_slots(dense_product(20, 20, 16), 300, 0), 300);
    EXPECT_EQ(batched_product_slots(dense_product(20, 20, 16), 300, 64), enough_shares);
    EXPECT_EQ(batched_product_slots(dense_product(20, 20, 16), 300, 1 << 20), 32);
}

}  // namespace
