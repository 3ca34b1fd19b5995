// Windows that an image is not made of.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: layer<.*"windowed_attention<4, 2>"
// expect: expects<.*rows and columns divisible by 4
// expect: found<.*\(14, 14, 8\)
#include <tessera/expression/chain.hpp>
#include <tessera/layers/attention/windowed_attention.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = conv<8, 2, stride<2>> >> windowed_attention<7, 2>;
#else
inline constexpr auto blocks = conv<8, 2, stride<2>> >> windowed_attention<4, 2>;
#endif

struct net : network<blocks, shape<28, 28, 1>> {};
static_assert(net::table.output_count >= 1);
