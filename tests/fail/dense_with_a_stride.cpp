// An option that a dense layer does not know.
//
// expect: dense<N, ...>: the option is no_bias
#include <tessera/layers/dense.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = dense<4, no_bias>;
#else
inline constexpr auto blocks = dense<4, stride<2>>;
#endif

struct net : network<blocks, shape<4>> {};
static_assert(net::table.output_count == 1);
