// Groups of a convolution whose channels are groups.
//
// expect: every channel is a group
#include <tessera/layers/conv.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = depthwise_conv<3, 1>;
#else
inline constexpr auto blocks = depthwise_conv<3, 1, groups<3>>;
#endif

struct net : network<blocks, shape<8, 8, 3>> {};
static_assert(net::table.output_count == 1);
