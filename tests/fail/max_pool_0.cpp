// A window of no elements.
//
// expect: max_pool<K>, avg_pool<K>: K must be at least 1
#include <tessera/layers/pool.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = max_pool<1>;
#else
inline constexpr auto blocks = max_pool<0>;
#endif

struct net : network<blocks, shape<8, 8, 3>> {};
static_assert(net::table.output_count == 1);
