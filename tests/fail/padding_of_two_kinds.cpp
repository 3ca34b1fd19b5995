// Padding said twice, of which one would be lost.
//
// expect: same, valid, pad<> or pad_axes<>, and no two of them
#include <tessera/layers/conv.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = conv<4, 3, same>;
#else
inline constexpr auto blocks = conv<4, 3, same, pad<2>>;
#endif

struct net : network<blocks, shape<8, 8, 3>> {};
static_assert(net::table.output_count == 1);
