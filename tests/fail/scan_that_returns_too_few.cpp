// A scan of two carries whose body makes one.
//
// expect: this_network_does_not_fit
// expect: operation<.*"a loop"
// expect: expects<.*a body that returns 2 values
// expect: found<.*"1"
#include <tessera/ir/operations/scan.hpp>
#include <tessera/network.hpp>

using namespace tessera;

constexpr auto turned = [](value x) {
    const value zero = broadcast_to(constant(*x.owner, 0), {2}, true);
    return scan(
        [](const values& s, value u) {
#ifdef CONTROL
            return values{s[0] + u, s[1]};
#else
            return values{s[0] + u};
#endif
        },
        values{zero, zero}, x)[0];
};

struct net : network<turned, shape<4, 2>> {};
static_assert(net::parameter_count == 0);
