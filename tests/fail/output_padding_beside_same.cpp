// Extents said twice.
//
// expect: same settles the extents
#include <tessera/layers/conv_transpose.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = conv_transpose<4, 3, stride<2>, same>;
#else
inline constexpr auto blocks = conv_transpose<4, 3, stride<2>, same, output_pad<1>>;
#endif

struct net : network<blocks, shape<8, 8, 3>> {};
static_assert(net::table.output_count == 1);
