// An open extent that the others do not divide.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: layer<.*"reshape_to<5, -1>"
// expect: expects<.*a shape of 24 elements
// expect: found<.*\(5, 4\)
#include <tessera/expression/chain.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/layers/reshape_to.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = relu >> reshape_to<6, -1>;
#else
inline constexpr auto blocks = relu >> reshape_to<5, -1>;
#endif

struct net : network<blocks, shape<2, 12>> {};
static_assert(net::table.output_count == 1);
