// A tap of a value inside a loop, of which there is one for each element of the sequence.
//
// expect: this_network_does_not_fit
// expect: where<.*"hidden"
// expect: expects<.*a value outside loops
// expect: found<.*one inside a scan
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/ir/operations/scan.hpp>
#include <tessera/model.hpp>
#include <tessera/network/tapped.hpp>

using namespace tessera;

inline constexpr auto running_sum = [](value x) {
    const value start = broadcast_to(constant(*x.owner, 0), {4}, true);
#ifdef CONTROL
    return named<"hidden">([](value s) { return 2 * s; })(scan([](value h, value xt) { return h + xt; }, start, x));
#else
    return scan([](value h, value xt) { return named<"hidden">([](value s) { return 2 * s; })(h + xt); }, start, x);
#endif
};
struct net : network<(identity >> running_sum), shape<5, 4>> {};

using looked_into = model<net, backend::scalar, batch<1>, float, tapped<"hidden">>;
static_assert(looked_into::capacity == 1);
