// A result label that no operand has.
//
// expect: this_network_does_not_fit
// expect: where<.*"input"
// expect: expects<.*result labels taken from the .*operands
// expect: found<.*tc,cd->tx
#include <tessera/expression/chain.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = identity >> [](value x) { return einsum("tc,cd->td", x, parameter("weight", {3, 5})); };
#else
inline constexpr auto blocks = identity >> [](value x) { return einsum("tc,cd->tx", x, parameter("weight", {3, 5})); };
#endif

struct net : network<blocks, shape<4, 3>> {};
static_assert(net::table.output_count == 1);
