// with_gradient: y forward, a rule of one's own backward; outside and inside a scan, for training and explaining, and
// nothing of it where no gradient is taken.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <tessera/train/gradients_of.hpp>
#include <tessera/train/loss/weighted_outputs.hpp>
#include <vector>

#include "../../network_facts.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

inline constexpr auto rules = [](value x) {  // (4)
    const value kept = with_gradient(sign(x), x, [&](value dy) { return masked(less(abs(x), 1), dy); });
    const value guided = with_gradient(relu(x), x, [&](value dy) { return relu(dy) * less(0, x); });
    const value constant_rule = with_gradient(x * 3, x, [&](value) { return x; });
    const value total = with_gradient(sum(x), x, [&](value dy) { return broadcast_to(dy * 2, {4}, true); });
    return values{kept, guided, scale_gradient(x, -0.5) * 2, clip_gradient(x, 1.5) * 1, constant_rule, total};
};
struct ruled : network<rules, shape<4>> {};
static_assert(count_of<ruled>(op::with_gradient) == 6);
// the rules cost a model nothing
template <class Program> constexpr int nodes_of(op kind) {
    int n = 0;
    for (int i = 0; i < Program::nodes; ++i) n += Program::graph.nodes[i].kind == kind;
    return n;
}
inline constexpr auto flipped = [](value x) { return scale_gradient(clip_gradient(x, 1), -1) * 2; };
struct of_flipped : network<flipped, shape<4>> {};
using inference = program<of_flipped, backend::scalar>;
static_assert(nodes_of<inference>(op::with_gradient) == 0 && nodes_of<inference>(op::pointwise) == 1);

// element i of an output
template <class Model> float element_of(const Model& m, int output, int i) {
    return m.output(output)[static_cast<std::size_t>(i)];
}

template <class Backend> struct rules_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(rules_on, backends);

TYPED_TEST(rules_on, give_their_value_forward_and_their_rule_backward) {
    const std::array<float, 4> x{0.5F, -2, 3, -0.25F};
    const std::array<std::array<float, 4>, 5> w{
        {{1, 2, 3, 4}, {-1, 5, 7, 9}, {1, 1, 2, -2}, {1, -2, 9, 0.5F}, {1, 1, 1, 1}}};
    model<ruled, TypeParam, batch<1>, float, gradients_of<weighted_outputs>> m;
    m(x, w[0], w[1], w[2], w[3], w[4], std::array<float, 1>{10});
    for (std::size_t i = 0; i < 4; ++i) {
        const int k = static_cast<int>(i);
        EXPECT_EQ(element_of(m, 0, k), x[i] > 0 ? 1 : -1);
        EXPECT_EQ(element_of(m, 1, k), x[i] > 0 ? x[i] : 0);
        EXPECT_EQ(element_of(m, 2, k), 2 * x[i]);
        EXPECT_EQ(element_of(m, 3, k), x[i]);
        EXPECT_EQ(element_of(m, 4, k), 3 * x[i]);
        const float clipped = w[3][i] > 1.5F ? 1.5F : w[3][i] < -1.5F ? -1.5F : w[3][i];
        const float wanted = (std::abs(x[i]) < 1 ? w[0][i] : 0) + (x[i] > 0 && w[1][i] > 0 ? w[1][i] : 0) - w[2][i] +
                             clipped + x[i] + 20;
        EXPECT_FLOAT_EQ(m.gradient()[i], wanted) << i;
    }
    EXPECT_EQ(element_of(m, 5, 0), 1.25F);
}

// in the body of a scan, with a rule that reads a value of the iteration
inline constexpr auto looped = [](value x) {  // (3, 1)
    const value start = broadcast_to(constant(*x.owner, 0), {1}, x.batched());
    return scan(
        [](value h, value item) {
            return with_gradient(h + item, item, [&](value dy) { return dy * item; }) + scale_gradient(h, 0.5);
        },
        start, x);
};
struct of_looped : network<looped, shape<3, 1>> {};
TYPED_TEST(rules_on, hold_in_a_scan) {
    // h1 = x1, h2 = 2 h1 + x2, h3 = 2 h2 + x3; backward dh1 = w1 + dh2 / 2 and dx_t = dh_t x_t
    model<of_looped, TypeParam, batch<1>, float, gradients_of<weighted_outputs>> m;
    m(std::array<float, 3>{2, 3, 5}, std::array<float, 3>{1, 10, 100});
    EXPECT_EQ(element_of(m, 0, 0), 2);
    EXPECT_EQ(element_of(m, 0, 1), 7);
    EXPECT_EQ(element_of(m, 0, 2), 19);
    EXPECT_EQ(m.gradient()[2], 100 * 5);
    EXPECT_EQ(m.gradient()[1], (10 + 50) * 3);
    EXPECT_EQ(m.gradient()[0], (1 + 30) * 2);
}

inline constexpr auto of_another_shape = [](value x) { return with_gradient(x, x, [](value dy) { return sum(dy); }); };
inline constexpr auto of_a_scan = [](value x) {
    return with_gradient(
        x, x, [](value dy) { return scan([](value h, value item) { return h + item; }, constant(*dy.owner, 0), dy); });
};
static_assert(mistake<of_another_shape, 4>().expected == "a rule whose result has the shape (4)");
static_assert(mistake<of_a_scan, 4>().expected == "a rule without a scan and without an update");

}  // namespace
