// A label that stands for two extents.
//
// expect: this_network_does_not_fit
// expect: where<.*"input"
// expect: expects<.*equal extents for label .*c.*
// expect: found<.*3 and 5
// expect: hint<.*tc,cd->td
#include <tessera/expression/chain.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = identity >> [](value x) { return einsum("tc,cd->td", x, parameter("weight", {3, 5})); };
#else
inline constexpr auto blocks = identity >> [](value x) { return einsum("tc,cd->td", x, parameter("weight", {5, 3})); };
#endif

struct net : network<blocks, shape<4, 3>> {};
static_assert(net::table.output_count == 1);
