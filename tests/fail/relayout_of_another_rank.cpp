// A relayout that names fewer axes than there are.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: expects<.*each of the 3 axes once
// expect: found<.*\(1, 0\)
#include <tessera/expression/chain.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/ir/operations/relayout.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = relu >> layer<[](value x) { return relayout(x, {1, 0, 2}); }>;
#else
inline constexpr auto blocks = relu >> layer<[](value x) { return relayout(x, {1, 0}); }>;
#endif

struct net : network<blocks, shape<2, 3, 4>> {};
static_assert(net::table.output_count == 1);
