// An option that pooling has no use for.
//
// expect: one kind of padding, no groups
#include <tessera/layers/pool.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = max_pool<2, pad<1>>;
#else
inline constexpr auto blocks = max_pool<2, groups<3>>;
#endif

struct net : network<blocks, shape<8, 8, 3>> {};
static_assert(net::table.output_count == 1);
