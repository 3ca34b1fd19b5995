// A causal mask over fewer keys than queries: the first queries would see nothing.
//
// expect: this_network_does_not_fit
// expect: where<.*"input"
// expect: expects<.*a key for each of 7 queries
// expect: found<.*"5"
#include <tessera/ir/operations/attention.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
struct keys : shape<7, 2, 4> {};
#else
struct keys : shape<5, 2, 4> {};
#endif

inline constexpr auto causal_only = [](value q, value k) { return attend(q, k, k, {.causal = true}); };
struct net : network<causal_only, in<"q", shape<7, 2, 4>>, in<"k", keys>> {};
static_assert(net::table.output_count == 1);
