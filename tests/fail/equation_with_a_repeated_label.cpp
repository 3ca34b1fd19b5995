// A label twice in the result.
//
// expect: this_network_does_not_fit
// expect: where<.*"input"
// expect: expects<.*labels that occur once in the .*result
// expect: found<.*tc,cd->tdd
#include <tessera/expression/chain.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = identity >> [](value x) { return einsum("tc,cd->td", x, parameter("weight", {3, 3})); };
#else
inline constexpr auto blocks = identity >> [](value x) { return einsum("tc,cd->tdd", x, parameter("weight", {3, 3})); };
#endif

struct net : network<blocks, shape<4, 3>> {};
static_assert(net::table.output_count == 1);
