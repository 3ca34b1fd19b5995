// A pixel shuffle whose channels do not fill the tiles.
//
// expect: this_network_does_not_fit
// expect: where<.*"0"
// expect: layer<.*"pixel_shuffle<2>"
// expect: expects<.*channels divisible by 4
// expect: found<.*shape \(4, 4, 6\)
#include <tessera/expression/chain.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/resampling/pixel_shuffle.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = pixel_shuffle<1> >> conv<1, 1>;
#else
inline constexpr auto blocks = pixel_shuffle<2> >> conv<1, 1>;
#endif

struct net : network<blocks, shape<4, 4, 6>> {};
static_assert(net::table.output_count == 1);
