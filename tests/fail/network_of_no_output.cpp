// A network that gives nothing.
//
// expect: this_network_does_not_fit
// expect: expects<.*1 to 8 values
// expect: found<.*an empty list
#include <tessera/expression/chain.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto given = []([[maybe_unused]] value x) { return values{x, x, x, x, x, x, x, x}; };
#else
inline constexpr auto given = []([[maybe_unused]] value x) { return values{}; };
#endif
struct net : network<given, shape<3>> {};
static_assert(net::table.output_count == 8);
