// A kernel of no elements.
//
// expect: conv<C, K>: K must be at least 1
#include <tessera/layers/conv.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = conv<4, 1>;
#else
inline constexpr auto blocks = conv<4, 0>;
#endif

struct net : network<blocks, shape<8, 8, 3>> {};
static_assert(net::table.output_count == 1);
