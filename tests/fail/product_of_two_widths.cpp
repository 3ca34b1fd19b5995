// Values of float64 into a layer, whose parameters are of the program's own type.
//
// expect: this_network_does_not_fit
// expect: layer<.*dense<4>
// expect: operation<.*"einsum"
// expect: expects<.*values of one element
// expect: found<.*float64 and real
// expect: hint<.*cast<float64>\(x\) or cast<real>\(x\)
#include <tessera/layers/dense.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto layers = [](value x) { return dense<4>(cast<real>(cast<float64>(x) * 0.1)); };
#else
inline constexpr auto layers = [](value x) { return dense<4>(cast<float64>(x) * 0.1); };
#endif

struct net : network<layers, shape<6>> {};
static_assert(net::table.output_count == 1);
