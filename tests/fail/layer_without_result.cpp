// A function that forgets to return.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: expects<.*a layer that returns a value, or
// expect: found<.*one that returns nothing
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto block = [](value x) { return relu(x); };
#else
inline constexpr auto block = [](value x) { relu(x); };
#endif

struct net : network<(dense<4> >> block), shape<3>> {};

static_assert(net::table.output_count == 1);
