// Channels that the groups of a convolution do not share evenly.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: layer<.*"conv<8, 3>"
// expect: expects<.*channels divisible by 4 groups
// expect: found<.*6 in, 8 out
#include <tessera/expression/chain.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = relu >> conv<8, 3, groups<2>>;
#else
inline constexpr auto blocks = relu >> conv<8, 3, groups<4>>;
#endif

struct net : network<blocks, shape<8, 8, 6>> {};
static_assert(net::table.output_count == 1);
