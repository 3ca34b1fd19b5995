// A function that returns a value which no operation has made.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: expects<.*a layer that returns what an
// expect: found<.*value\{\}, which none has made
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

inline constexpr auto block = [](value x) {
    value y;
#ifdef CONTROL
    y = x;
#endif
    (void)x;
    return y;
};

struct net : network<(dense<4> >> block >> relu), shape<3>> {};

static_assert(net::table.output_count == 1);
