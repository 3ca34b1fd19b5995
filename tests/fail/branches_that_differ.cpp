// A sum of two branches of different width.
//
// expect: this_network_does_not_fit
// expect: expects<
// expect: found<.*
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = dense<16> >> relu >> (dense<8> + dense<8>);
#else
inline constexpr auto blocks = dense<16> >> relu >> (dense<8> + dense<6>);
#endif

struct net : network<blocks, shape<32>> {};
static_assert(net::parameter_count > 0);
