// A convolution whose kernel does not fit its input.
//
// expect: this_network_does_not_fit
// expect: where<.*"3"
// expect: layer<.*conv<8, 7>
// expect: found<.*4 with padding, of \(4, 4, 8\)
// expect: hint<.*padding
#include <tessera/expression/chain.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = conv<8, 3> >> relu >> conv<8, 3> >> conv<8, 3>;
#else
inline constexpr auto blocks = conv<8, 3> >> relu >> conv<8, 3> >> conv<8, 7>;
#endif

struct net : network<blocks, shape<8, 8, 3>> {};
static_assert(net::parameter_count > 0);
