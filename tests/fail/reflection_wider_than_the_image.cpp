// More reflected padding than there are elements.
//
// expect: this_network_does_not_fit
// expect: where<.*"0"
// expect: layer<.*"reflect_pad<4>"
// expect: expects<.*padding of at most 3
// expect: found<.*shape \(4, 4, 1\)
#include <tessera/expression/chain.hpp>
#include <tessera/layers/padding/reflect_pad.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = reflect_pad<3> >> relu;
#else
inline constexpr auto blocks = reflect_pad<4> >> relu;
#endif

struct net : network<blocks, shape<4, 4, 1>> {};
static_assert(net::table.output_count == 1);
