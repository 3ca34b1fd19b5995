// Permuted, broadcast, sliced and flipped copies against an index loop.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <tessera/backend/simd/permutation.hpp>
#include <vector>

namespace {

using namespace tessera::detail::simd;
using tessera::detail::layout;

template <class T> void check(layout view, std::ptrdiff_t start, std::size_t source_size) {
    std::vector<T> x(source_size);
    std::iota(x.begin(), x.end(), T(1));
    for (int used : {1, 2, 3}) {
        threads::set_count(used);
        std::vector<T> y(std::size_t(view.size()) + 8, T(-1));
        view.first = start;
        permute<default_arch>(view, x.data(), y.data());
        threads::set_count(1);
        int index[7] = {};
        for (std::ptrdiff_t i = 0; i < view.size(); ++i) {
            std::ptrdiff_t from = start;
            for (int a = 0; a < view.axes; ++a) from += index[a] * view.stride[a];
            ASSERT_EQ(y[std::size_t(i)], x[std::size_t(from)]) << i;
            for (int a = view.axes - 1; a >= 0 && ++index[a] == view.extent[a]; --a) index[a] = 0;
        }
        for (std::size_t i = std::size_t(view.size()); i < y.size(); ++i) ASSERT_EQ(y[i], T(-1));
    }
}

// y's axes are x's in the order given, x row-major
layout in_order(int axes, const int* extents, const int* order) {
    layout view;
    view.axes = axes;
    for (int i = 0; i < axes; ++i) {
        view.extent[i] = extents[order[i]];
        view.stride[i] = 1;
        for (int j = order[i] + 1; j < axes; ++j) view.stride[i] *= extents[j];
    }
    return view;
}

template <class T> class permutation_test : public testing::Test {};
using scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(permutation_test, scalars);

TYPED_TEST(permutation_test, every_order_of_four_axes) {
    for (std::array<int, 4> extents : {std::array{3, 5, 7, 2}, {1, 33, 1, 17}, {2, 16, 4, 48}, {40, 3, 20, 16}}) {
        int order[4] = {0, 1, 2, 3};
        const std::size_t size = std::size_t(extents[0] * extents[1] * extents[2] * extents[3]);
        do {
            check<TypeParam>(in_order(4, extents.data(), order), 0, size);
        } while (std::next_permutation(order, order + 4));
    }
}

TYPED_TEST(permutation_test, seven_axes) {
    const int extents[7] = {2, 3, 1, 4, 2, 3, 5}, order[7] = {6, 2, 4, 0, 5, 1, 3};
    check<TypeParam>(in_order(7, extents, order), 0, 720);
}

TYPED_TEST(permutation_test, large_matrices) {
    const int extents[2] = {517, 333}, order[2] = {1, 0};
    check<TypeParam>(in_order(2, extents, order), 0, 517 * 333);
}

TYPED_TEST(permutation_test, broadcasts_slices_and_flips) {
    check<TypeParam>({3, {4, 5, 6}, {0, 1, 0}}, 0, 5);
    check<TypeParam>({2, {4, 5}, {20, 3}}, 2, 80);
    check<TypeParam>({2, {4, 5}, {5, -1}}, 4, 20);
    check<TypeParam>({1, {9}, {-1}}, 8, 9);
    check<TypeParam>({1, {9}, {0}}, 0, 1);
    check<TypeParam>({1, {1}, {0}}, 0, 1);
    check<TypeParam>({0, {}, {}}, 0, 1);
}

}  // namespace
