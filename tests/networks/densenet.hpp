// DenseNet-121: every layer reads all before it. Huang, Liu, van der Maaten, Weinberger 2017, "Densely Connected
// Convolutional Networks".
#pragma once
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/repeat.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/pooling/global_avg_pool.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

namespace networks {

using namespace tessera;

template <int Growth>
inline constexpr auto dense_block_layer = identity | (batch_norm >> relu >> conv<4 * Growth, 1, no_bias> >> batch_norm >>
                                                      relu >> conv<Growth, 3, pad<1>, no_bias>);
template <int Layers, int Growth>
inline constexpr auto dense_block = repeat<Layers>(dense_block_layer<Growth>);
template <int C>
inline constexpr auto transition = batch_norm >> relu >> conv<C, 1, no_bias> >> avg_pool<2>;

inline constexpr auto densenet121_layers =
    conv<64, 7, stride<2>, pad<3>, no_bias> >> batch_norm >> relu >> max_pool<3, stride<2>, pad<1>> >>
    dense_block<6, 32> >> transition<128> >> dense_block<12, 32> >> transition<256> >> dense_block<24, 32> >>
    transition<512> >> dense_block<16, 32> >> batch_norm >> relu >> global_avg_pool >> dense<1000>;

struct densenet_block : network<dense_block<4, 8>, shape<16, 16, 12>> {};
struct densenet121 : network<densenet121_layers, shape<224, 224, 3>> {};

}  // namespace networks
