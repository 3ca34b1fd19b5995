// A reshape that loses elements.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: layer<.*"reshape_to<4, 5>"
// expect: expects<.*a shape of 24 elements
// expect: found<.*\(4, 5\)
#include <tessera/expression/chain.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/layers/reshape_to.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = relu >> reshape_to<4, -1>;
#else
inline constexpr auto blocks = relu >> reshape_to<4, 5>;
#endif

struct net : network<blocks, shape<2, 12>> {};
static_assert(net::table.output_count == 1);
