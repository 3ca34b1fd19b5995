// Output padding that is not below the stride.
//
// expect: this_network_does_not_fit
// expect: where<.*"0"
// expect: layer<.*"conv_transpose<2, 3>"
// expect: expects<.*output padding below the stride 2
// expect: found<.*2
#include <tessera/expression/chain.hpp>
#include <tessera/layers/conv_transpose.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = conv_transpose<2, 3, stride<2>, output_pad<1>> >> relu;
#else
inline constexpr auto blocks = conv_transpose<2, 3, stride<2>, output_pad<2>> >> relu;
#endif

struct net : network<blocks, shape<4, 4, 6>> {};
static_assert(net::table.output_count == 1);
