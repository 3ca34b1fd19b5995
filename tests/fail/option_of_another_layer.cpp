// An option that the layer does not know.
//
// expect: conv<C, K, ...>: options are stride<>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = conv<4, 3, no_bias>;
#else
inline constexpr auto blocks = conv<4, 3, dense_layer<2>>;
#endif

struct net : network<blocks, shape<8, 8, 3>> {};
static_assert(net::table.output_count == 1);
