// What a mean divides by, of a maximum.
//
// expect: padding_not_counted is avg_pool's
#include <tessera/layers/pool.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = avg_pool<2, pad<1>, padding_not_counted>;
#else
inline constexpr auto blocks = max_pool<2, pad<1>, padding_not_counted>;
#endif

struct net : network<blocks, shape<8, 8, 3>> {};
static_assert(net::table.output_count == 1);
