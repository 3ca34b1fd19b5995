// VGG-16; parameter paths are those of torchvision. Simonyan, Zisserman 2015, "Very Deep Convolutional Networks".
#pragma once
#include <tessera/expression/chain.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/pooling/adaptive_avg_pool.hpp>
#include <tessera/layers/regularisation/dropout.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

namespace networks {

using namespace tessera;

template <int C> inline constexpr auto conv_relu = conv<C, 3, pad<1>> >> relu;
template <int C> inline constexpr auto two_and_pool = conv_relu<C> >> conv_relu<C> >> max_pool<2>;
template <int C> inline constexpr auto three_and_pool = conv_relu<C> >> conv_relu<C> >> conv_relu<C> >> max_pool<2>;

inline constexpr auto vgg16_layers = named<"features">(two_and_pool<64> >> two_and_pool<128> >> three_and_pool<256> >>
                                                       three_and_pool<512> >> three_and_pool<512>) >>
                                     adaptive_avg_pool<7> >> flatten >>
                                     named<"classifier">(dense<4096> >> relu >> dropout<> >> dense<4096> >> relu >>
                                                         dropout<> >> dense<1000>);

struct vgg16 : network<vgg16_layers, shape<224, 224, 3>> {};

}  // namespace networks
