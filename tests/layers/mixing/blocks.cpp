// Mixer, ResMLP and transformer blocks: shapes, parameters, laws, gradients.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/activation/gelu_tanh.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/mixing/mixer_block.hpp>
#include <tessera/layers/mixing/res_mlp_block.hpp>
#include <tessera/layers/mixing/token_dense.hpp>
#include <tessera/layers/mixing/transformer_encoder_block.hpp>
#include <tessera/layers/permute_to.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradient_check.hpp>
#include <vector>

#include "../../expect_near.hpp"
#include "../../network_facts.hpp"
#include "../../waves.hpp"

namespace {

using namespace tessera;
using numbers = std::vector<double>;

constexpr int T = 5, C = 4;
using sequence = shape<T, C>;
template <auto Layer> struct on_sequence : network<Layer, sequence> {};

// --- shapes and parameters

using mixes = on_sequence<mixer_block<3, 7>>;
using res_mlp = on_sequence<res_mlp_block<6>>;
using encodes = on_sequence<transformer_encoder_block<2, 4 * C>>;
using encodes_after = on_sequence<transformer_encoder_block<2, 7, post_norm, norm_epsilon<1e-12>>>;

static_assert(output_shape<mixes> == (extents{T, C}) && output_shape<res_mlp> == (extents{T, C}));
static_assert(output_shape<encodes> == (extents{T, C}) && output_shape<encodes_after> == (extents{T, C}));
static_assert(mixes::parameter_count == 4 * C + (2 * T * 3 + 3 + T) + (2 * C * 7 + 7 + C));
static_assert(res_mlp::parameter_count == 6 * C + (T * T + T) + (2 * C * 6 + 6 + C));
static_assert(encodes::parameter_count == 12 * C * C + 13 * C);
static_assert(encodes_after::parameter_count == 4 * C * C + 2 * C * 7 + 9 * C + 7);
static_assert(paths_are<mixes>({"token_norm.weight", "token_norm.bias", "token_in.weight", "token_in.bias",
                                "token_out.weight", "token_out.bias", "channel_norm.weight", "channel_norm.bias",
                                "channel_in.weight", "channel_in.bias", "channel_out.weight", "channel_out.bias"}));
static_assert(paths_are<res_mlp>({"token_affine.weight", "token_affine.bias", "places.weight", "places.bias",
                                  "token_scale.weight", "channel_affine.weight", "channel_affine.bias",
                                  "channel_in.weight", "channel_in.bias", "channel_out.weight", "channel_out.bias",
                                  "channel_scale.weight"}));
static_assert(parameter_shape<encodes>("attention.query") == (extents{C, 2, C / 2}));
static_assert(mixes::macs == 2.0 * T * C * (3 + 7) && res_mlp::macs == T * C * (T + 2.0 * 6));

// no array of all pairs
static_assert(count_of<encodes>(op::attention) == 1 && count_of<encodes>(op::softmax) == 0);

static_assert(mistake<mixer_block<3, 7>, 5>().expected.view() == "a sequence (places, features)");
static_assert(mistake<res_mlp_block<3>, 5, 4, 3>().expected.view() == "a sequence (places, features)");
static_assert(mistake<transformer_encoder_block<3, 8>, 5, 4>().expected.view() == "features divisible by 3 heads");
inline constexpr auto of_real_length = [](value x) { return transformer_encoder_block<2, 8, with_lengths>(x, sum(x)); };
static_assert(mistake<of_real_length, 5, 4>().expected.view() == "lengths of element int32, one number a sample");
static_assert(mistake<token_dense<3>, 5>().expected.view() == "a sequence (places, features)");

// --- laws, on each backend

template <class Net, class Backend> struct filled {
    model<Net, Backend, batch<2>, double> m;
    filled() { std::ranges::copy(waves(m.parameters().size(), 0.9), m.parameters().begin()); }
    numbers operator()(const numbers& x) {
        const auto y = m(x);
        return {y.begin(), y.end()};
    }
};

template <class Backend> struct mixing_blocks : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(mixing_blocks, backends);

using along_places = on_sequence<token_dense<3>>;
using along_transposed = on_sequence<(permute_to<1, 0> >> dense<3> >> permute_to<1, 0>)>;
TYPED_TEST(mixing_blocks, mixing_of_tokens_is_dense_on_the_transposed_sequence) {
    const numbers x = waves(2 * T * C);
    expect_near(filled<along_transposed, TypeParam>()(x), filled<along_places, TypeParam>()(x));
}

TYPED_TEST(mixing_blocks, without_their_last_maps_they_are_the_identity) {
    const numbers x = waves(2 * T * C);
    filled<mixes, TypeParam> mixer;
    for (const char* last : {"token_out", "channel_out"})
        for (const char* part : {".weight", ".bias"})
            std::ranges::fill(mixer.m.parameter(std::string(last) + part), 0.0);
    expect_near(x, mixer(x));
    filled<res_mlp, TypeParam> scaled;
    std::ranges::fill(scaled.m.parameter("token_scale.weight"), 0.0);
    std::ranges::fill(scaled.m.parameter("channel_scale.weight"), 0.0);
    expect_near(x, scaled(x));
}

numbers with_places_exchanged(numbers x) {  // of the first sample, 0 and 1
    for (std::size_t c = 0; c < C; ++c) std::swap(x[c], x[C + c]);
    return x;
}
TYPED_TEST(mixing_blocks, a_transformer_does_not_see_the_order_and_a_mixer_does) {
    const numbers x = waves(2 * T * C);
    filled<encodes, TypeParam> transformer;
    expect_near(with_places_exchanged(transformer(x)), transformer(with_places_exchanged(x)));
    filled<mixes, TypeParam> mixer;
    const numbers wanted = with_places_exchanged(mixer(x)), found = mixer(with_places_exchanged(x));
    double most = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i) most = std::max(most, std::abs(wanted[i] - found[i]));
    EXPECT_GT(most, 1e-3);
}

TYPED_TEST(mixing_blocks, samples_do_not_mix) {
    numbers x = waves(2 * T * C);
    filled<res_mlp, TypeParam> net;
    const numbers before = net(x);
    x[T * C] += 1;  // of the second
    const numbers after = net(x);
    for (std::size_t i = 0; i < T * C; ++i) EXPECT_EQ(before[i], after[i]) << i;
    EXPECT_NE(before[T * C], after[T * C]);
}

// --- gradients

using bent = on_sequence<mixer_block<2, 3, activated_by<gelu_tanh>, paths_dropped<0.4>>>;
using looks_back = on_sequence<transformer_encoder_block<1, 3, causal, activated_by<gelu_tanh>>>;
TEST(mixing_blocks_once, gradients_are_exact) {
    EXPECT_LT(gradient_check<mixes>().error, 1e-6);
    EXPECT_LT(gradient_check<bent>().error, 1e-6);
    EXPECT_LT(gradient_check<res_mlp>().error, 1e-6);
    EXPECT_LT(gradient_check<encodes>().error, 1e-6);
    EXPECT_LT(gradient_check<encodes_after>().error, 1e-6);
    EXPECT_LT(gradient_check<looks_back>().error, 1e-6);
}

}  // namespace
