// The body of a scan whose result is not like its carry.
//
// expect: this_network_does_not_fit
// expect: where<.*"input"
// expect: expects<.*a body that returns \(3\)
// expect: found<.*\(4, 3\)
#include <tessera/expression/chain.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/ir/operations/scan.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = identity >> [](value x) {
    const value start = broadcast_to(constant(*x.owner, 0), {3}, true);
    return scan([](value h, value xt) { return h + sum(xt); }, start, x);
};
#else
inline constexpr auto blocks = identity >> [](value x) {
    const value start = broadcast_to(constant(*x.owner, 0), {3}, true);
    return scan([](value h, value xt) { return h + reshape(xt, {4, 1}); }, start, x);
};
#endif

struct net : network<blocks, shape<5, 4>> {};
static_assert(net::table.output_count == 1);
