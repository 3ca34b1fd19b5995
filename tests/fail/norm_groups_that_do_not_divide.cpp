// Channels that the groups of a normalisation do not share evenly.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: layer<.*"group_norm<4>"
// expect: expects<.*channels divisible by 4 groups
// expect: found<.*6 channels
#include <tessera/expression/chain.hpp>
#include <tessera/layers/normalisation/group_norm.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = relu >> group_norm<3>;
#else
inline constexpr auto blocks = relu >> group_norm<4>;
#endif

struct net : network<blocks, shape<8, 8, 6>> {};
static_assert(net::table.output_count == 1);
