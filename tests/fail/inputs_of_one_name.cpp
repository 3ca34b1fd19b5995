// Two inputs that messages, summaries and pictures could not tell apart.
//
// expect: this_network_does_not_fit
// expect: where<.*"input"
// expect: expects<.*inputs of different names
// expect: found<.*x.*' twice
#include <tessera/ir/operations.hpp>
#include <tessera/network.hpp>

using namespace tessera;

inline constexpr auto product = [](value x, value y) { return x * y; };
#ifdef CONTROL
struct net : network<product, in<"x", shape<3>>, in<"y", shape<3>>> {};
#else
struct net : network<product, in<"x", shape<3>>, in<"x", shape<3>>> {};
#endif
static_assert(net::table.input_count == 2);
