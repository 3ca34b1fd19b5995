// An input of no elements.
//
// expect: shape<...>: every extent must be at least 1
#include <tessera/expression/chain.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
using input = shape<4, 1>;
#else
using input = shape<4, 0>;
#endif

struct net : network<identity, input> {};
static_assert(net::table.output_count == 1);
