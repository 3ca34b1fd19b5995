// Padding that takes elements away.
//
// expect: pad_axes<...>: padding must not be negative
#include <tessera/layers/conv.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = conv<4, 3, pad_axes<1, 0, 1, 0>>;
#else
inline constexpr auto blocks = conv<4, 3, pad_axes<-1, 0, 1, 0>>;
#endif

struct net : network<blocks, shape<8, 8, 3>> {};
static_assert(net::table.output_count == 1);
