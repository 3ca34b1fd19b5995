// Rows for indices that leave no axis for features.
//
// expect: this_network_does_not_fit
// expect: expects<.*indices of rank 5 or less
// expect: found<.*shape \(1, 1, 1, 1, 2, 2\)
#include <tessera/ir/operations/gather.hpp>
#include <tessera/network.hpp>

using namespace tessera;

inline constexpr auto rows = [](value x) { return gather(parameter("table", {7, 3}).with(x), x); };

#ifdef CONTROL
struct net : network<rows, in<"tokens", shape<1, 1, 1, 2, 2>, int32>> {};
#else
struct net : network<rows, in<"tokens", shape<1, 1, 1, 1, 2, 2>, int32>> {};
#endif
static_assert(net::table.output_count == 1);
