// Numbers of two widths in one sum: nothing says where they are rounded.
//
// expect: this_network_does_not_fit
// expect: operation<.*"add"
// expect: expects<.*values of one element
// expect: found<.*float64 and real
// expect: hint<.*cast<float64>\(x\) or cast<real>\(x\)
#include <tessera/ir/operations.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto far = [](value x) { return cast<float64>(x) + 1e9 + cast<float64>(x); };
#else
inline constexpr auto far = [](value x) { return cast<float64>(x) + 1e9 + x; };
#endif

struct net : network<far, shape<6>> {};
static_assert(net::table.output_count == 1);
