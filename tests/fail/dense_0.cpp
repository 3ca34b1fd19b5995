// No outputs.
//
// expect: dense<N>: N must be at least 1
#include <tessera/layers/dense.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = dense<1>;
#else
inline constexpr auto blocks = dense<0>;
#endif

struct net : network<blocks, shape<4>> {};
static_assert(net::table.output_count == 1);
