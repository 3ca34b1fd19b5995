// A probability above 1.
//
// expect: dropout<P>: P must be at least 0 and below 1
#include <tessera/layers/regularisation/dropout.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = dropout<0.5>;
#else
inline constexpr auto blocks = dropout<1.5>;
#endif

struct net : network<blocks, shape<4>> {};
static_assert(net::table.output_count == 1);
