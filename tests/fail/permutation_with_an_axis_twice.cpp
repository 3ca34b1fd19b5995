// A permutation that names an axis twice.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: layer<.*"permute_to<2, 0, 0>"
// expect: expects<.*each of the 3 axes once
// expect: found<.*\(2, 0, 0\)
#include <tessera/expression/chain.hpp>
#include <tessera/layers/permute_to.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = relu >> permute_to<2, 0, 1>;
#else
inline constexpr auto blocks = relu >> permute_to<2, 0, 0>;
#endif

struct net : network<blocks, shape<2, 3, 4>> {};
static_assert(net::table.output_count == 1);
