// A state with two new values.
//
// expect: this_network_does_not_fit
// expect: expects<.*one update of a state
// expect: found<.*a second one
#include <tessera/ir/operations/reduce.hpp>
#include <tessera/ir/operations/store.hpp>
#include <tessera/network.hpp>

using namespace tessera;

inline constexpr auto counted = [](value x) {
    const value n = state("n", {3}).with(x);
    update(n, n + 1);
#ifndef CONTROL
    update(n, n + 2);
#endif
    return x + n;
};
struct net : network<counted, shape<3>> {};
static_assert(net::table.output_count == 1);
