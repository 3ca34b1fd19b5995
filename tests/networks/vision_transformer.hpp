// ViT-B/16: twelve transformer blocks on patches of 16 by 16 pixels. Dosovitskiy et al. 2021, "An Image is Worth 16x16
// Words".
#pragma once
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/expression/repeat.hpp>
#include <tessera/layers/activation/gelu.hpp>
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>
#include <tessera/layers/reshape_to.hpp>
#include <tessera/layers/slice_axis.hpp>
#include <tessera/network.hpp>

namespace networks {

using namespace tessera;
using namespace tessera::detail;

inline constexpr auto class_token_and_places = [](value x) {  // x (T, D)
    const int d = x.extent(-1);
    const value y = concatenate({parameter("class_token", {1, d}).with(x), x}, 0);  // (1 + T, D)
    return y + parameter("places", y.shape(), initial::normal(0.02));
};

template <int D, int Heads>
inline constexpr auto transformer_block = residual(layer_norm_over<1, 1e-6> >>
                                                   multi_head_attention<Heads, with_bias>) >>
                                          residual(layer_norm_over<1, 1e-6> >> dense<4 * D> >> gelu >> dense<D>);

template <int D, int Heads, int Blocks>
inline constexpr auto transformer_layers =
    conv<D, 16, stride<16>> >> reshape_to<-1, D> >>
    named<"embedding">(class_token_and_places) >> named<"blocks">(repeat<Blocks>(transformer_block<D, Heads>)) >>
    layer_norm_over<1, 1e-6> >> slice_axis<0, 0, 1> >> reshape_to<D> >> dense<1000>;

struct vision_transformer : network<transformer_layers<768, 12, 12>, shape<224, 224, 3>> {};

}  // namespace networks
