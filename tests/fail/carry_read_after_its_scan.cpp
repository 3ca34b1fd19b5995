// The carry of a scan, kept by a variable and read after the scan.
//
// expect: this_network_does_not_fit
// expect: expects<.*a carry read inside its loop
// expect: found<.*one read after the scan
#include <tessera/ir/operations/scan.hpp>
#include <tessera/network.hpp>

using namespace tessera;

inline constexpr auto last_of = [](value x) {
    value kept;
    const value carries = scan(
        [&](value h, value item) {
            const value after = tanh(h + item);
#ifdef CONTROL
            kept = h * 1.5;
#else
            kept = reshape(h, {1, 2});
#endif
            return after;
        },
        broadcast_to(constant(*x.owner, 0), {2}, true), x);
    return carries + kept;
};
struct net : network<last_of, shape<4, 2>> {};
static_assert(net::table.output_count == 1);
