// A slice that leaves the axis.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: layer<.*"slice_axis<0, 6, 4>"
// expect: expects<.*a box inside \(8, 3\)
// expect: found<.*from .*6
#include <tessera/expression/chain.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/layers/slice_axis.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = relu >> slice_axis<0, 6, 2>;
#else
inline constexpr auto blocks = relu >> slice_axis<0, 6, 4>;
#endif

struct net : network<blocks, shape<8, 3>> {};
static_assert(net::table.output_count == 1);
