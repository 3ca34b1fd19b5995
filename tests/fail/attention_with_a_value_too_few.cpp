// Attention with fewer values than keys.
//
// expect: this_network_does_not_fit
// expect: where<.*"input"
// expect: expects<.*values \(5, 2, V\)
// expect: found<.*\(4, 2, 6\)
// expect: hint<.*one for each key and head
#include <tessera/ir/operations/attention.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
struct kept : shape<5, 2, 6> {};
#else
struct kept : shape<4, 2, 6> {};
#endif

inline constexpr auto between = [](value q, value k, value v) { return attend(q, k, v); };
struct net : network<between, in<"q", shape<7, 2, 4>>, in<"k", shape<5, 2, 4>>, in<"v", kept>> {};
static_assert(net::table.output_count == 1);
