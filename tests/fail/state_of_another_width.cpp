// A state of float64 is updated with a value of the program's own type.
//
// expect: this_network_does_not_fit
// expect: operation<.*"store"
// expect: expects<.*values of one element
// expect: found<.*float64 and real
// expect: hint<.*cast<float64>\(x\) or cast<real>\(x\)
#include <tessera/ir/operations.hpp>
#include <tessera/network.hpp>

using namespace tessera;

inline constexpr auto counts = [](value x) {
    const value total = state<float64>("total", {6}).with(x);
#ifdef CONTROL
    update(total, total + batch_sum(cast<float64>(x)));
#else
    update(total, batch_sum(x));
#endif
    return x;
};

struct net : network<counts, shape<6>> {};
static_assert(net::table.state_count == 1);
