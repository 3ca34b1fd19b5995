// Taps: values inside a network, and outputs by name.
#include <tessera/network/tapped.hpp>
//
#include <gtest/gtest.h>

#include <cmath>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/fork.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/expression/repeat.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/layers/reshape_to.hpp>
#include <tessera/model.hpp>
#include <vector>

namespace {

using namespace tessera;
using namespace tessera::detail;

template <class Backend> struct taps_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(taps_on, backends);

using floats = std::vector<float>;
floats copy(std::span<const float> s) { return {s.begin(), s.end()}; }

// what a tap sees would otherwise vanish in one fused loop
inline constexpr auto body = named<"outer">(dense<4> >> named<"inner">(relu)) >> named<"last">(dense<2>) >> relu;
struct nested : network<body, shape<3>> {};

TYPED_TEST(taps_on, the_values_are_those_of_the_layers) {
    model<nested, TypeParam, batch<2>, float, tapped<"last", "outer.inner", "outer">> m(1);
    const floats x{1, -2, 3, 0.5F, 0.25F, -1};
    m(x);
    const auto weight = m.parameter("outer.0.weight");
    const auto hidden = m.template tap<"outer.inner">();
    EXPECT_EQ(hidden.sample, extents{4});
    EXPECT_EQ(hidden.count, 2);
    for (std::size_t s = 0; s < 2; ++s)
        for (std::size_t k = 0; k < 4; ++k) {
            float sum = 0;
            for (std::size_t i = 0; i < 3; ++i) sum += x[s * 3 + i] * weight[i * 4 + k];
            EXPECT_NEAR(hidden[s * 4 + k], std::max(sum, 0.0F), 1e-5F);
        }
    EXPECT_EQ(copy(m.template tap<"outer">()), copy(hidden));
    const auto last = m.template tap<"last">();
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(m.output()[i], std::max(last[i], 0.0F));
}

TYPED_TEST(taps_on, what_is_tapped_changes_no_output) {
    model<nested, TypeParam, batch<2>> plain(3);
    model<nested, TypeParam, batch<2>, float, tapped<"outer", "last">> tapping(3);
    const floats x{1, -2, 3, 0.5F, 0.25F, -1};
    EXPECT_EQ(copy(plain(x)), copy(tapping(x)));
    EXPECT_GE(tapping.workspace_bytes, plain.workspace_bytes);
}

// a value that is only another name of memory, and the input itself
struct renamed : network<(named<"in">(identity) >> dense<4> >> named<"matrix">(reshape_to<2, 2>) >> relu), shape<3>> {};

TYPED_TEST(taps_on, names_of_memory_can_be_tapped) {
    model<renamed, TypeParam, batch<1>, float, tapped<"matrix", "in">> m(5);
    const floats x{1, 2, 3};
    const floats y = copy(m(x));
    const auto matrix = m.template tap<"matrix">();
    EXPECT_EQ(matrix.sample, (extents{2, 2}));
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(y[i], std::max(matrix[i], 0.0F));
    EXPECT_EQ(copy(m.template tap<"in">()), x);
}

struct heads : network<fork(named<"policy">(dense<3>), named<"worth">(dense<1>)), shape<2>> {};

TYPED_TEST(taps_on, outputs_have_names) {
    model<heads, TypeParam> m(7);
    m(floats{1, 2});
    EXPECT_EQ(m.template output<"worth">().data(), m.output(1).data());
    EXPECT_EQ(m.template output<"policy">().data(), m.output(0).data());
    EXPECT_EQ(m.template output<"policy">().sample, extents{3});
}

// what a recurrent layer gives is collected by its loop
struct heard : network<(named<"heard">(gru<4>) >> named<"scores">(dense<3>)), shape<6, 2>> {};
struct listening : network<gru<4>, shape<6, 2>> {};

TYPED_TEST(taps_on, a_recurrent_layer_gives_its_result) {
    model<heard, TypeParam, batch<2>, float, tapped<"heard">> m(1);
    model<listening, TypeParam, batch<2>> alone(1);
    std::ranges::copy(m.parameters().first(alone.parameters().size()), alone.parameters().begin());
    floats x;
    for (int i = 0; i < 24; ++i) x.push_back(std::sin(0.7F * static_cast<float>(i)));
    m(x);
    EXPECT_EQ(copy(m.template tap<"heard">()), copy(alone(x)));
}

}  // namespace
