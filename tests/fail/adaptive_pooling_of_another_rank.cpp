// Adaptive pooling to more axes than there are.
//
// expect: this_network_does_not_fit
// expect: where<.*"0"
// expect: layer<.*"adaptive_avg_pool<2, 2, 2>"
// expect: expects<.*3 spatial axes
// expect: found<.*shape \(4, 4, 6\)
// expect: hint<.*for all axes, or one for each
#include <tessera/expression/chain.hpp>
#include <tessera/layers/pooling/adaptive_avg_pool.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = adaptive_avg_pool<2, 2> >> relu;
#else
inline constexpr auto blocks = adaptive_avg_pool<2, 2, 2> >> relu;
#endif

struct net : network<blocks, shape<4, 4, 6>> {};
static_assert(net::table.output_count == 1);
