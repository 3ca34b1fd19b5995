// Codes and their numbers, where a layer takes the codes alone.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: dense<3>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/structure/vector_quantiser.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = vector_quantiser<16, only_codes> >> dense<3>;
#else
inline constexpr auto blocks = vector_quantiser<16> >> dense<3>;
#endif

struct net : network<blocks, shape<6, 8>> {};
static_assert(net::table.output_count >= 1);
