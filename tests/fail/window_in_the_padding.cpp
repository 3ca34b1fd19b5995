// Padding so wide that a window covers nothing else.
//
// expect: this_network_does_not_fit
// expect: layer<.*max_pool<2>
// expect: expects<.*windows that cover an element
// expect: found<.*one in the padding of axis 0
#include <tessera/layers/pool.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = max_pool<2, pad<1>>;
#else
inline constexpr auto blocks = max_pool<2, pad<2>>;
#endif

struct net : network<blocks, shape<4, 4, 1>> {};
static_assert(net::table.output_count == 1);
