// A slice along an axis that is not there.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: layer<.*"slice_axis<2, 0, 1>"
// expect: expects<.*an axis 2
// expect: found<.*shape \(8, 3\)
#include <tessera/expression/chain.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/layers/slice_axis.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = relu >> slice_axis<1, 0, 1>;
#else
inline constexpr auto blocks = relu >> slice_axis<2, 0, 1>;
#endif

struct net : network<blocks, shape<8, 3>> {};
static_assert(net::table.output_count == 1);
