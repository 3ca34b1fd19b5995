// A carry that leaves no axis for time.
//
// expect: this_network_does_not_fit
// expect: expects<.*a carry of rank 5 or less
// expect: found<.*shape \(1, 1, 1, 1, 1, 2\)
#include <tessera/ir/operations/scan.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr extents carried{1, 1, 1, 1, 2};
#else
inline constexpr extents carried{1, 1, 1, 1, 1, 2};
#endif
inline constexpr auto sums = [](value x) {
    return scan([](value h, value item) { return h + item; }, broadcast_to(constant(*x.owner, 0), carried, true), x);
};

struct net : network<sums, shape<4, 2>> {};
static_assert(net::table.output_count == 1);
