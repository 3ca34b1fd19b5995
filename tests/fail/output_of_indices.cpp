// Whole numbers handed on as an output.
//
// expect: this_network_does_not_fit
// expect: expects<.*outputs of real numbers
// expect: found<.*an input of element int32
#include <tessera/expression/chain.hpp>
#include <tessera/ir/operations/gather.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto both = [](value x) { return values{one_hot(x, 7)}; };
#else
inline constexpr auto both = [](value x) { return values{one_hot(x, 7), x}; };
#endif
struct net : network<both, in<"tokens", shape<4>, int32>> {};
static_assert(net::table.output_count == 1);
