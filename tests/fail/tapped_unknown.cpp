// A tap that nothing in the network is named after.
//
// expect: this_network_does_not_fit
// expect: where<.*"head"
// expect: expects<.*a value of that name to tap
// expect: found<.*stage
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>
#include <tessera/network/tapped.hpp>

using namespace tessera;

struct net : network<(named<"stage">(dense<2>) >> dense<3>), shape<4>> {};

#ifdef CONTROL
using mode = tapped<"stage">;
#else
using mode = tapped<"head">;
#endif

using looked_into = model<net, backend::scalar, batch<1>, float, mode>;
static_assert(looked_into::capacity == 1);
