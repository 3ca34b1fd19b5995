// A dense layer on five axes.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: layer<.*"dense<4>"
// expect: expects<.*features on the last axis
// expect: found<.*shape \(2, 2, 2, 2, 3\)
// expect: hint<.*rank 1 to 4
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

inline constexpr auto blocks = relu >> dense<4>;

#ifdef CONTROL
struct net : network<blocks, shape<2, 2, 2, 3>> {};
#else
struct net : network<blocks, shape<2, 2, 2, 2, 3>> {};
#endif

static_assert(net::table.output_count == 1);
