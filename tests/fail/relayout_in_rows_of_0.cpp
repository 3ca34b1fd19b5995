// A relayout whose rows begin no elements apart.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: expects<.*rows of a multiple of at least 1
// expect: found<.*"0"
#include <tessera/expression/chain.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/ir/operations/relayout.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = relu >> layer<[](value x) { return relayout(x, {0, 1}, 1); }>;
#else
inline constexpr auto blocks = relu >> layer<[](value x) { return relayout(x, {0, 1}, 0); }>;
#endif

struct net : network<blocks, shape<2, 3>> {};
static_assert(net::table.output_count == 1);
