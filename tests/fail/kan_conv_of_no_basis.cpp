// Functions that are not a basis: an activation in the place of one.
//
// expect: kan_conv<C, K, Basis>: Basis is a type without members, with count, name and a call from value to value
#include <tessera/layers/activation/silu.hpp>
#include <tessera/layers/kan/kan_conv.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = kan_conv<4, 3, b_spline<5>>;
#else
inline constexpr auto blocks = kan_conv<4, 3, silu_layer>;
#endif

struct net : network<blocks, shape<6, 6, 1>> {};
static_assert(net::table.output_count >= 1);
