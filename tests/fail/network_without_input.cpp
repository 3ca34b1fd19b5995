// A network without an input.
//
// expect: network<expression, shape<...>>: at least one input
#include <tessera/expression/chain.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
struct net : network<identity, shape<1>> {};
#else
struct net : network<identity> {};
#endif

static_assert(net::table.output_count == 1);
