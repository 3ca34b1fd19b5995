// The path of the layer leads through names and indices.
//
// expect: this_network_does_not_fit
// expect: where<.*"stage1.2.1.0"
// expect: layer<.*"conv<4, 9>"
// expect: expects<.*at least 9 elements on axis 0
// expect: found<.*6 with padding, of \(6, 6, 4\)
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = relu >> named<"stage1">(conv<4, 3> >> relu >> residual(conv<4, 9, same> >> relu));
#else
inline constexpr auto blocks = relu >> named<"stage1">(conv<4, 3> >> relu >> residual(conv<4, 9> >> relu));
#endif

struct net : network<blocks, shape<8, 8, 3>> {};
static_assert(net::table.output_count == 1);
