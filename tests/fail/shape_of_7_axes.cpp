// A parameter with more axes than a value has.
//
// expect: this_network_does_not_fit
// expect: expects<.*at most 6 axes
// expect: found<.*\(1, 1, 1, 1, 1, 1, 3\)
#include <tessera/ir/operations/pointwise.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto scaled = [](value x) { return x * parameter("w", {1, 1, 1, 1, 1, 3}); };
#else
inline constexpr auto scaled = [](value x) { return x * parameter("w", {1, 1, 1, 1, 1, 1, 3}); };
#endif
struct net : network<scaled, shape<3>> {};
static_assert(net::table.output_count == 1);
