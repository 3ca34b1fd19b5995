// MobileNet v1: depthwise and pointwise convolutions. Howard et al. 2017, "MobileNets".
#pragma once
#include <tessera/expression/chain.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/pooling/global_avg_pool.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

namespace networks {

using namespace tessera;

template <int C, int Stride = 1>
inline constexpr auto separable = depthwise_conv<3, 1, stride<Stride>, pad<1>, no_bias> >> batch_norm >> relu >>
                                  conv<C, 1, no_bias> >> batch_norm >> relu;

inline constexpr auto mobilenet_layers = conv<32, 3, stride<2>, pad<1>, no_bias> >> batch_norm >> relu >>
                                         separable<64> >> separable<128, 2> >> separable<128> >> separable<256, 2> >>
                                         separable<256> >> separable<512, 2> >> separable<512> >> separable<512> >>
                                         separable<512> >> separable<512> >> separable<512> >> separable<1024, 2> >>
                                         separable<1024> >> global_avg_pool >> dense<1000>;

struct mobilenet : network<mobilenet_layers, shape<224, 224, 3>> {};

}  // namespace networks
