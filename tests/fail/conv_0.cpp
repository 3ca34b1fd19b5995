// No channels.
//
// expect: conv<C, K>: C must be at least 1
#include <tessera/layers/conv.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = conv<1, 3>;
#else
inline constexpr auto blocks = conv<0, 3>;
#endif

struct net : network<blocks, shape<8, 8, 3>> {};
static_assert(net::table.output_count == 1);
