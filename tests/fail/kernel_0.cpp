// A window without elements.
//
// expect: kernel<...>: every extent must be at least 1
#include <tessera/layers/pool.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = max_pool<2, kernel<2, 1>>;
#else
inline constexpr auto blocks = max_pool<2, kernel<2, 0>>;
#endif

struct net : network<blocks, shape<8, 8, 3>> {};
static_assert(net::table.output_count == 1);
