// Padding of less than nothing.
//
// expect: pad<...>: padding must not be negative
#include <tessera/layers/conv.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = conv<4, 3, pad<0>>;
#else
inline constexpr auto blocks = conv<4, 3, pad<-1>>;
#endif

struct net : network<blocks, shape<8, 8, 3>> {};
static_assert(net::table.output_count == 1);
