// No groups.
//
// expect: groups<N>: N must be at least 1
#include <tessera/layers/conv.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = conv<4, 3, groups<1>>;
#else
inline constexpr auto blocks = conv<4, 3, groups<0>>;
#endif

struct net : network<blocks, shape<8, 8, 3>> {};
static_assert(net::table.output_count == 1);
