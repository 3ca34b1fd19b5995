// More axes than a value may have.
//
// expect: shape<...>: at most 6 axes
#include <tessera/expression/chain.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
using input = shape<1, 1, 1, 1, 1, 2>;
#else
using input = shape<1, 1, 1, 1, 1, 1, 2>;
#endif

struct net : network<identity, input> {};
static_assert(net::table.output_count == 1);
