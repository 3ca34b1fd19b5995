// A name without a letter, which is none.
//
// expect: named<name>\(f\): a name has one letter or more, any but '\.'
#include <tessera/expression/named.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
struct net : network<named<"a">(dense<3>), shape<4>> {};
#else
struct net : network<named<"">(dense<3>), shape<4>> {};
#endif
static_assert(net::table.parameter_count == 2);
