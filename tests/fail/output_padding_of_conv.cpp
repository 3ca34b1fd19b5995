// An option that belongs to the transposed convolution.
//
// expect: output_pad is conv_transpose's
#include <tessera/layers/conv.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = conv<4, 3, pad<1>>;
#else
inline constexpr auto blocks = conv<4, 3, output_pad<1>>;
#endif

struct net : network<blocks, shape<8, 8, 3>> {};
static_assert(net::table.output_count == 1);
