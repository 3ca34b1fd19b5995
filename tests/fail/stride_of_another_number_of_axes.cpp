// A stride for three axes of an image, which has two.
//
// expect: this_network_does_not_fit
// expect: layer<.*conv<4, 3>
// expect: expects<.*options for 2 spatial axes
// expect: found<.*options for 3
#include <tessera/layers/conv.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = conv<4, 3, stride<2, 1>>;
#else
inline constexpr auto blocks = conv<4, 3, stride<2, 1, 1>>;
#endif

struct net : network<blocks, shape<8, 8, 3>> {};
static_assert(net::table.output_count == 1);
