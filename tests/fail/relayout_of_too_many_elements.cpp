// Rows so far apart that an int does not count their elements.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: expects<.*fewer than 2\^31 with padding
// expect: found<.*\(4, 3\), rows of 1000000000
#include <tessera/expression/chain.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/ir/operations/relayout.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = relu >> layer<[](value x) { return relayout(x, {0, 1}, 10); }>;
#else
inline constexpr auto blocks = relu >> layer<[](value x) { return relayout(x, {0, 1}, 1000000000); }>;
#endif

struct net : network<blocks, shape<4, 3>> {};
static_assert(net::table.output_count == 1);
