// Two extents left open.
//
// expect: reshape_to<...>: one extent may be -1
#include <tessera/layers/reshape_to.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = reshape_to<-1>;
#else
inline constexpr auto blocks = reshape_to<-1, -1>;
#endif

struct net : network<blocks, shape<4>> {};
static_assert(net::table.output_count == 1);
