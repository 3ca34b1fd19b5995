// LeNet-5 with rectifiers and max pooling. LeCun, Bottou, Bengio, Haffner 1998.
#pragma once
#include <tessera/expression/chain.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

namespace networks {

using namespace tessera;

inline constexpr auto lenet_layers = conv<6, 5, same> >> relu >> max_pool<2> >> conv<16, 5> >> relu >> max_pool<2> >>
                                     flatten >> dense<120> >> relu >> dense<84> >> relu >> dense<10>;

struct lenet : network<lenet_layers, shape<28, 28, 1>> {};

}  // namespace networks
