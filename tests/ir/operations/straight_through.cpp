// straight_through: forward f to the last bit, backward the identity on x; on both backends.
#include <gtest/gtest.h>

#include <array>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/ir/operations.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradients_of.hpp>
#include <tessera/train/loss/weighted_outputs.hpp>

namespace {

using namespace tessera;

// signs, levels of a quarter, a number that is none of the batch, and one value for all elements
inline constexpr auto binarised = [](value x) {
    return values{straight_through(sign(x), x), straight_through(floor(4 * x) * 0.25, x), straight_through(0.1, x),
                  straight_through(max(x), x)};
};
struct binary : network<binarised, shape<6>> {};

template <class Backend> struct straight_through_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(straight_through_on, backends);

TYPED_TEST(straight_through_on, is_f_to_the_last_bit_and_the_identity_backward) {
    const std::array<float, 6> x{3e7F, -3e7F, 0.1F, -0.3F, 1e-30F, 0.7F};
    const std::array<float, 6> w[] = {
        {1, 2, 3, 4, 5, 6}, {0.5F, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 2}, {1, 1, 4, 1, 1, 1}};
    model<binary, TypeParam, batch<1>, float, gradients_of<weighted_outputs>> m;
    m(x, w[0], w[1], w[2], w[3]);
    for (std::size_t i = 0; i < x.size(); ++i) {
        EXPECT_EQ(m.output(0)[i], x[i] > 0 ? 1.0F : -1.0F) << x[i];
        EXPECT_EQ(m.output(1)[i], std::floor(4 * x[i]) * 0.25F) << x[i];
        EXPECT_EQ(m.output(2)[i], 0.1F) << x[i];
        EXPECT_EQ(m.output(3)[i], 3e7F) << x[i];
        EXPECT_EQ(m.gradient()[i], w[0][i] + w[1][i] + w[2][i] + w[3][i]) << x[i];
    }
}

}  // namespace
