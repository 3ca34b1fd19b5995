// A pooling window that does not fit.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: layer<.*"max_pool<4>"
// expect: expects<.*at least 4 elements on axis 0
// expect: found<.*3 with padding, of \(3, 3, 2\)
// expect: hint<.*a smaller kernel, or padding
#include <tessera/expression/chain.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = relu >> max_pool<3>;
#else
inline constexpr auto blocks = relu >> max_pool<4>;
#endif

struct net : network<blocks, shape<3, 3, 2>> {};
static_assert(net::table.output_count == 1);
