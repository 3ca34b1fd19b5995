// Whole networks of these blocks have the numbers of parameters that are known of them.
#include <gtest/gtest.h>

#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/fork.hpp>
#include <tessera/expression/repeat.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/embedding.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/mixing.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/pooling/global_avg_pool.hpp>
#include <tessera/layers/slice_axis.hpp>

#include "../../network_facts.hpp"

namespace {

using namespace tessera;

inline constexpr auto over_places = [](value x) { return mean(x, axes(0)); };  // (T, C) -> (C)
using picture = shape<224, 224, 3>;

// --- of tokens

template <int D, int Heads>
inline constexpr auto vit_body = repeat<12>(transformer_encoder_block<Heads, 4 * D>) >> layer_norm_over<1, 1e-6>;
template <int Place> inline constexpr auto head = slice_axis<0, Place, 1> >> flatten >> dense<1000>;

template <int D, int Heads>
struct vit
    : network<(patch_embedding<D, 16> >> class_token >> learnt_positions >> vit_body<D, Heads> >> head<0>), picture> {};
template <int D, int Heads>
struct distilled : network<(patch_embedding<D, 16> >> distillation_token >> class_token >> learnt_positions >>
                            vit_body<D, Heads> >> fork(head<0>, head<1>)),
                           picture> {};
static_assert(vit<192, 3>::parameter_count == 5'717'416);
static_assert(distilled<192, 3>::parameter_count == 5'910'800);
static_assert(vit<192, 3>::macs == 1'074'851'328.0 + 12 * 2.0 * 197 * 197 * 192);

struct mixer_s16 : network<(patch_embedding<512, 16> >> repeat<8>(mixer_block<256, 2048>) >> layer_norm_over<1, 1e-6> >>
                            over_places >> dense<1000>),
                           picture> {};
static_assert(mixer_s16::parameter_count == 18'528'264);

struct res_mlp_12
    : network<(patch_embedding<384, 16> >> repeat<12>(res_mlp_block<4 * 384>) >> affine >> over_places >> dense<1000>),
              picture> {};
static_assert(res_mlp_12::parameter_count == 15'350'872);
static_assert(res_mlp_12::macs == 3'009'739'776.0);

// all-MiniLM-L6: the sum of words, positions and kinds is normalised first
inline constexpr auto minilm = [](value words, value kinds) {
    const value x = learnt_positions(embedding<30522, 384>(words)) + embedding<2, 384>(kinds);
    return repeat<6>(transformer_encoder_block<12, 1536, post_norm, norm_epsilon<1e-12>>)(layer_norm_over<1, 1e-12>(x));
};
struct sentences : network<minilm, in<"words", shape<512>, int32>, in<"kinds", shape<512>, int32>> {};
static_assert(sentences::parameter_count == 22'565'376);

// --- of channels

template <int Tenths>
inline constexpr auto mobilenet = [](value x) {
    const auto body = conv<32 * Tenths / 100, 3, stride<2>, same, no_bias> >> batch_norm >> relu >>
                      depthwise_separable<64 * Tenths / 100> >> depthwise_separable<128 * Tenths / 100, 3, 2> >>
                      depthwise_separable<128 * Tenths / 100> >> depthwise_separable<256 * Tenths / 100, 3, 2> >>
                      depthwise_separable<256 * Tenths / 100> >> depthwise_separable<512 * Tenths / 100, 3, 2> >>
                      repeat<5>(depthwise_separable<512 * Tenths / 100>) >>
                      depthwise_separable<1024 * Tenths / 100, 3, 2> >> depthwise_separable<1024 * Tenths / 100>;
    return (body >> global_avg_pool >> dense<1000>)(x);
};
struct mobilenet_whole : network<mobilenet<100>, picture> {};
struct mobilenet_quarter : network<mobilenet<25>, picture> {};
static_assert(mobilenet_whole::parameter_count == 4'231'976 && mobilenet_whole::macs == 568'740'352.0);
static_assert(mobilenet_quarter::parameter_count == 470'072 && mobilenet_quarter::macs == 41'030'272.0);

template <int C, int K, int Stride, int N>
inline constexpr auto lite_stage = inverted_residual<6, C, K, Stride> >> repeat<N - 1>(inverted_residual<6, C, K>);
inline constexpr auto efficientnet = conv<32, 3, stride<2>, pad<1>, no_bias> >> batch_norm >> relu6 >>
                                     inverted_residual<1, 16> >> lite_stage<24, 3, 2, 2> >> lite_stage<40, 5, 2, 2> >>
                                     lite_stage<80, 3, 2, 3> >> lite_stage<112, 5, 1, 3> >> lite_stage<192, 5, 2, 4> >>
                                     inverted_residual<6, 320> >> conv<1280, 1, no_bias> >> batch_norm >> relu6 >>
                                     global_avg_pool >> dense<1000>;
struct efficientnet_lite0 : network<efficientnet, picture> {};
static_assert(efficientnet_lite0::parameter_count == 4'652'008 && efficientnet_lite0::macs == 385'187'552.0);

template <int C, int Width, int Stride, int N>
inline constexpr auto resnext_stage = aggregated_block<C, 32, Width, Stride> >>
                                      repeat<N - 1>(aggregated_block<C, 32, Width>);
inline constexpr auto resnext = conv<64, 7, stride<2>, pad<3>, no_bias> >> batch_norm >> relu >>
                                max_pool<3, stride<2>, pad<1>> >> resnext_stage<256, 4, 1, 3> >>
                                resnext_stage<512, 8, 2, 4> >> resnext_stage<1024, 16, 2, 6> >>
                                resnext_stage<2048, 32, 2, 3> >> global_avg_pool >> dense<1000>;
struct resnext_50 : network<resnext, picture> {};
static_assert(resnext_50::parameter_count == 25'028'904 && resnext_50::macs == 4'230'479'872.0);

// ResNet-26 with adapters; where it halves the image, the shortcut is an average of 2 by 2 beside zeros
template <class Place, int C, int Stride>
inline constexpr auto adapted = [](value x) {
    const value y = residual_adapter<C, 3, 1, Place>(relu(residual_adapter<C, 3, Stride, Place>(x)));
    const value small = Stride == 1 ? x : avg_pool<2>(x);
    return relu(y + (x.extent(-1) == C ? small : concatenate({small, small * 0})));
};
template <class Place, int C>
inline constexpr auto adapted_stage = adapted<Place, C, 2> >> repeat<3>(adapted<Place, C, 1>);
template <class Place>
struct decathlon
    : network<(residual_adapter<32, 3, 1, Place> >> adapted_stage<Place, 64> >> adapted_stage<Place, 128> >>
               adapted_stage<Place, 256> >> batch_norm >> relu >> global_avg_pool),
              shape<64, 64, 3>> {};
constexpr long shared_weights = 5'814'688 - 7'744;
static_assert(decathlon<without_adapter>::parameter_count == shared_weights + 7'744);
static_assert(decathlon<in_series>::parameter_count == shared_weights + 704'128);
static_assert(decathlon<in_parallel>::parameter_count == shared_weights + 652'960);

}  // namespace
