// A function that returns a list of no values, in the middle of a chain.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: expects<.*a layer that returns 1 to 8 values
// expect: found<.*an empty list
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

inline constexpr auto chosen = []([[maybe_unused]] value x) {
#ifdef CONTROL
    return values{x};
#else
    return values{};
#endif
};
struct net : network<(dense<4> >> chosen >> relu), shape<3>> {};
static_assert(net::table.output_count == 1);
