// A convolution of a vector.
//
// expect: this_network_does_not_fit
// expect: where<.*"0"
// expect: layer<.*"conv<4, 3>"
// expect: expects<.*rank 2 to .*4
// expect: found<.*shape \(32\)
#include <tessera/expression/chain.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

inline constexpr auto blocks = conv<4, 3> >> relu;

#ifdef CONTROL
struct net : network<blocks, shape<32, 1>> {};
#else
struct net : network<blocks, shape<32>> {};
#endif

static_assert(net::table.output_count == 1);
