// A state updated with another shape.
//
// expect: this_network_does_not_fit
// expect: where<.*"input"
// expect: expects<.*a state of \(3\)
// expect: found<.*\(4, 3\)
#include <tessera/expression/chain.hpp>
#include <tessera/ir/operations/scan.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = identity >> [](value x) {
    const value total = state("total", {3}).with(x);
    update(total, batch_sum(sum(x, leading)));
    return x;
};
#else
inline constexpr auto blocks = identity >> [](value x) {
    const value total = state("total", {3}).with(x);
    update(total, batch_sum(x));
    return x;
};
#endif

struct net : network<blocks, shape<4, 3>> {};
static_assert(net::table.output_count == 1);
