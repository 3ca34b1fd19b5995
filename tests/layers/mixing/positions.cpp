// What networks of places begin with: patches, tokens, codes of position; and affine maps of features.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/mixing/affine.hpp>
#include <tessera/layers/mixing/class_token.hpp>
#include <tessera/layers/mixing/distillation_token.hpp>
#include <tessera/layers/mixing/layer_scale.hpp>
#include <tessera/layers/mixing/learnt_positions.hpp>
#include <tessera/layers/mixing/patch_embedding.hpp>
#include <tessera/layers/mixing/sine_positions_2d.hpp>
#include <tessera/layers/mixing/sinusoidal_positions.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradient_check.hpp>
#include <vector>

#include "../../network_facts.hpp"
#include "../streams.hpp"

namespace {

using namespace tessera;
using list_of_numbers = std::vector<double>;

template <auto Layer, int... Size> struct on : network<Layer, shape<Size...>> {};

// --- shapes and parameters

using patches = on<patch_embedding<3, 2>, 4, 6, 2>;
using tokens = on<(patch_embedding<3, 2> >> distillation_token >> class_token >> learnt_positions), 4, 6, 2>;
static_assert(output_shape<patches> == (extents{6, 3}) && patches::parameter_count == 2 * 2 * 2 * 3 + 3);
static_assert(on<patch_embedding<3, 2, no_bias>, 4, 6, 2>::parameter_count == 2 * 2 * 2 * 3);
static_assert(output_shape<tokens> == (extents{8, 3}));
static_assert(tokens::parameter_count == patches::parameter_count + 3 + 3 + 8 * 3);
static_assert(parameter_shape<tokens>("2.weight") == (extents{1, 3}));
using scaled = on<(affine >> layer_scale<0.25>), 2, 3>;
static_assert(scaled::parameter_count == 3 + 3 + 3);
static_assert(on<sinusoidal_positions, 3, 5>::parameter_count == 0);
static_assert(on<sine_positions_2d, 3, 5, 8>::parameter_count == 0);

static_assert(mistake<patch_embedding<3, 2>, 4, 5, 2>().expected.view() == "an image of whole patches of 2 by 2");
static_assert(mistake<patch_embedding<3, 2>, 4, 6>().expected.view() == "an image (height, width, channels)");
static_assert(mistake<class_token, 4>().expected.view() == "a sequence (places, features)");
static_assert(mistake<learnt_positions, 4>().expected.view() == "a sequence (places..., features)");
static_assert(mistake<sinusoidal_positions, 4>().expected.view() == "a sequence (places, features)");
static_assert(mistake<sine_positions_2d, 4, 4, 6>().expected.view() == "features divisible by 4");
static_assert(mistake<affine>().expected.view() == "features on the last axis");

// codes are constants, folded into what follows where they can be
static_assert(count_of<on<sinusoidal_positions, 3, 5>>(op::pointwise) == 1);
static_assert(count_of<on<sine_positions_2d, 3, 5, 8>>(op::pointwise) == 1);

// --- known answers, on each backend

template <class Net, class Backend> struct run_by {
    model<Net, Backend, batch<2>, double> m;
    list_of_numbers operator()(const list_of_numbers& x) {
        const auto y = m(x);
        return {y.begin(), y.end()};
    }
};
list_of_numbers waves(int count) {
    list_of_numbers x;
    for (int i = 0; i < count; ++i) x.push_back(std::sin(1.7 * i + 0.3));
    return x;
}

template <class Backend> struct positions : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(positions, backends);

TYPED_TEST(positions, of_a_sequence_are_waves) {
    constexpr int T = 7, D = 5;
    const list_of_numbers y = run_by<on<sinusoidal_positions, T, D>, TypeParam>()(list_of_numbers(T * D, 0.5));
    for (int t = 0; t < T; ++t)
        for (int d = 0; d < D; ++d) {
            const double angle = t / std::pow(10000.0, static_cast<double>(d / 2 * 2) / D);
            EXPECT_NEAR(y[static_cast<std::size_t>(t * D + d)], 0.5 + (d % 2 == 0 ? std::sin(angle) : std::cos(angle)),
                        1e-14);
        }
}

TYPED_TEST(positions, of_an_image_are_waves_of_row_and_column) {
    constexpr int H = 3, W = 5, D = 8;
    const list_of_numbers y = run_by<on<sine_positions_2d, H, W, D>, TypeParam>()(list_of_numbers(H * W * D, 0.5));
    for (int h = 0; h < H; ++h)
        for (int w = 0; w < W; ++w)
            for (int d = 0; d < D; ++d) {
                const bool row = d < D / 2;
                const int i = d % (D / 2);
                const double place = row ? (h + 1) / (H + 1e-6) : (w + 1) / (W + 1e-6);
                const double angle =
                    2 * std::numbers::pi * place / std::pow(10000.0, static_cast<double>(i / 2 * 2) / (D / 2));
                EXPECT_NEAR(y[static_cast<std::size_t>((h * W + w) * D + d)],
                            0.5 + (i % 2 == 0 ? std::sin(angle) : std::cos(angle)), 1e-14);
            }
}

TYPED_TEST(positions, of_a_stream_are_those_of_the_sequence) {
    using frames = on<(dense<4> >> sinusoidal_positions >> dense<3>), 9, 2>;
    streams::expect_as_whole<frames, TypeParam, double>(1e-13);
    streams::expect_as_whole<frames, TypeParam, float>(1e-5);
}

TYPED_TEST(positions, tokens_stand_before_the_patches) {
    run_by<tokens, TypeParam> all;
    run_by<patches, TypeParam> alone;
    std::ranges::copy(alone.m.parameters(), all.m.parameters().begin());
    std::ranges::fill(all.m.parameter("1.weight"), 5.0);
    std::ranges::fill(all.m.parameter("2.weight"), 7.0);
    std::ranges::fill(all.m.parameter("3.weight"), 1.0);
    const list_of_numbers x = waves(2 * 4 * 6 * 2), y = all(x), wanted = alone(x);
    for (std::size_t sample = 0; sample < 2; ++sample)
        for (std::size_t i = 0; i < 8 * 3; ++i) {
            const double plain = i < 3 ? 7 : i < 6 ? 5 : wanted[sample * 18 + i - 6];
            EXPECT_NEAR(y[sample * 24 + i], plain + 1, 1e-14) << sample << " " << i;
        }
}

TYPED_TEST(positions, a_patch_is_read_row_by_row) {
    run_by<on<patch_embedding<1, 2, no_bias>, 2, 4, 1>, TypeParam> net;
    std::ranges::copy(list_of_numbers{1, 10, 100, 1000}, net.m.parameters().begin());
    EXPECT_EQ(net({1, 2, 3, 4, 5, 6, 7, 8}), (list_of_numbers{6521, 8743}));
}

TEST(affine, begins_as_the_identity_and_scales_each_feature) {
    run_by<scaled, backend::simd> net;
    EXPECT_EQ(net({1, 2, 3, 4, 5, 6}), (list_of_numbers{0.25, 0.5, 0.75, 1, 1.25, 1.5}));
    std::ranges::copy(list_of_numbers{1, 2, 3}, net.m.parameter("0.weight").begin());
    std::ranges::copy(list_of_numbers{0, 0, 8}, net.m.parameter("0.bias").begin());
    EXPECT_EQ(net({1, 2, 3, 4, 5, 6}), (list_of_numbers{0.25, 1, 4.25, 1, 2.5, 6.5}));
}

TEST(positions_once, gradients_are_exact) {
    EXPECT_LT(gradient_check<tokens>().error, 1e-6);
    EXPECT_LT(gradient_check<scaled>().error, 1e-6);
    EXPECT_LT((gradient_check<on<(dense<4> >> sinusoidal_positions), 3, 2>>().error), 1e-6);
}

}  // namespace
