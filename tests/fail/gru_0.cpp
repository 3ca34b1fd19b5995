// No hidden units.
//
// expect: gru<H>: H must be at least 1
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = gru<1>;
#else
inline constexpr auto blocks = gru<0>;
#endif

struct net : network<blocks, shape<4, 3>> {};
static_assert(net::table.output_count == 1);
