// Whole numbers below zero.
//
// expect: this_network_does_not_fit
// expect: expects<.*at least 1 class
// expect: found<.*"0"
#include <tessera/ir/operations/gather.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = [](value x) { return one_hot(x, 1); };
#else
inline constexpr auto blocks = [](value x) { return one_hot(x, 0); };
#endif

struct net : network<blocks, in<"tokens", shape<4>, int32>> {};
static_assert(net::table.output_count == 1);
