// A dense block: every layer reads all before it. Huang, Liu, van der Maaten, Weinberger 2017, "Densely Connected
// Convolutional Networks".
#pragma once
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/repeat.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

namespace networks {

using namespace tessera;

template <int Growth>
inline constexpr auto dense_block_layer =
    identity |
    (batch_norm >> relu >> conv<4 * Growth, 1, no_bias> >> batch_norm >> relu >> conv<Growth, 3, pad<1>, no_bias>);
template <int Layers, int Growth> inline constexpr auto dense_block = repeat<Layers>(dense_block_layer<Growth>);

struct densenet_block : network<dense_block<4, 8>, shape<16, 16, 12>> {};

}  // namespace networks
