// Elements by index along any axis, against the definition; on both backends.
#include <gtest/gtest.h>

#include <cstdint>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <tessera/ir/operations/gather_axis.hpp>
#include <tessera/train/gradient_check.hpp>
#include <vector>

#include "../../network_facts.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

template <class Backend> struct gather_axis_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(gather_axis_on, backends);

inline constexpr auto along_each = [](value x, value index) {  // (2, 3, 4), (2, 2)
    return values{gather(x, index, 0), gather(x, index, 1), gather(x, index, -1), gather(reshape(x, {-1}), index, 0)};
};
struct gathers : network<along_each, in<"x", shape<2, 3, 4>>, in<"index", shape<2, 2>, int32>> {};

TYPED_TEST(gather_axis_on, any_axis) {
    static model<gathers, TypeParam, batch<2>> m;
    std::vector<float> x;
    for (int i = 0; i < 48; ++i) x.push_back(static_cast<float>(i));
    const std::vector<std::int32_t> index{1, 0, 1, 1, 0, 0, 1, 0};
    m(x, index);
    const int size[] = {2, 3, 4}, stride[] = {12, 4, 1};
    for (int axis = 0; axis < 3; ++axis) {
        std::size_t k = 0;
        for (int s = 0; s < 2; ++s) {
            const int before = axis == 0 ? 1 : axis == 1 ? size[0] : size[0] * size[1], after = stride[axis];
            for (int a = 0; a < before; ++a)
                for (int i = 0; i < 4; ++i)
                    for (int b = 0; b < after; ++b, ++k) {
                        const int at = index[static_cast<std::size_t>(s * 4 + i)];
                        const int from = (s * before * size[axis] + a * size[axis] + at) * after + b;
                        ASSERT_EQ(m.output(axis)[k], static_cast<float>(from)) << axis << " " << k;
                    }
        }
        ASSERT_EQ(k, m.output(axis).size());
    }
    for (std::size_t k = 0; k < 8; ++k) EXPECT_EQ(m.output(3)[k], static_cast<float>(index[k] + (k < 4 ? 0 : 24))) << k;
}
TEST(gather_axis, gradients_are_exact) { EXPECT_LT((gradient_check<gathers>({.positions = 64}).error), 1e-6); }

template <int Axis> inline constexpr auto rows_of = [](value x) { return gather(x, x, Axis); };
static_assert(mistake<rows_of<2>, 3, 4>().expected == "an axis 2");
static_assert(mistake<rows_of<0>, 3, 4>().expected == "an index of element int32");

}  // namespace
