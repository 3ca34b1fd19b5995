// Attention between queries and keys of different widths.
//
// expect: this_network_does_not_fit
// expect: where<.*"input"
// expect: expects<.*keys \(S, 2, 4\)
// expect: found<.*\(5, 2, 3\)
// expect: hint<.*heads and features of the queries
#include <tessera/ir/operations/attention.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
struct keys : shape<5, 2, 4> {};
#else
struct keys : shape<5, 2, 3> {};
#endif

inline constexpr auto between = [](value q, value k, value v) { return attend(q, k, v); };
struct net : network<between, in<"q", shape<7, 2, 4>>, in<"k", keys>, in<"v", shape<5, 2, 6>>> {};
static_assert(net::table.output_count == 1);
