// What is quantised is of the program's own type.
//
// expect: this_network_does_not_fit
// expect: operation<.*"convert"
// expect: expects<.*values of one element
// expect: found<.*real and float64
// expect: hint<.*cast<float64>\(x\) or cast<real>\(x\)
#include <tessera/ir/operations.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto bytes = [](value x) { return quantise<int8>(cast<real>(cast<float64>(x) + 0.25), 0.5); };
#else
inline constexpr auto bytes = [](value x) { return quantise<int8>(cast<float64>(x) + 0.25, 0.5); };
#endif

struct net : network<bytes, shape<6>> {};
static_assert(net::table.output_count == 1);
