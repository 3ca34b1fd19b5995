// A small U-Net: each level is wrapped around the next one. Ronneberger, Fischer, Brox 2015, "U-Net".
#pragma once
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/conv_transpose.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

namespace networks {

using namespace tessera;

template <int C> inline constexpr auto two_convs = conv<C, 3, same> >> relu >> conv<C, 3, same> >> relu;

template <int C, int Depth> constexpr auto unet_level() {
    if constexpr (Depth == 0)
        return two_convs<C>;
    else
        return two_convs<C> >>
               (identity | (max_pool<2> >> unet_level<2 * C, Depth - 1>() >> conv_transpose<C, 2, stride<2>>)) >>
               two_convs<C>;
}

inline constexpr auto unet_layers = unet_level<16, 3>() >> conv<2, 1>;

struct unet : network<unet_layers, shape<64, 64, 3>> {};

}  // namespace networks
