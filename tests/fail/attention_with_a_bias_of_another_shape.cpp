// A bias for other scores than those of the queries and keys.
//
// expect: this_network_does_not_fit
// expect: where<.*"input"
// expect: expects<.*a bias that stretches to \(2, 7, 5\)
// expect: found<.*\(7, 7\)
#include <tessera/ir/operations/attention.hpp>
#include <tessera/network.hpp>

using namespace tessera;

inline constexpr auto biased = [](value q, value k, value v) {
#ifdef CONTROL
    return attend(q, k, v, {}, parameter("bias", {7, 5}).with(q));
#else
    return attend(q, k, v, {}, parameter("bias", {7, 7}).with(q));
#endif
};
struct net : network<biased, in<"q", shape<7, 2, 4>>, in<"k", shape<5, 2, 4>>, in<"v", shape<5, 2, 6>>> {};
static_assert(net::table.output_count == 1);
