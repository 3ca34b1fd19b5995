// A residual block that changes the width.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: layer<.*"sum"
// expect: expects<.*equal extents
// expect: found<.*\(8\) and \(6\)
#include <tessera/expression/branches.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = dense<8> >> residual(dense<8> >> relu);
#else
inline constexpr auto blocks = dense<8> >> residual(dense<6> >> relu);
#endif

struct net : network<blocks, shape<4>> {};
static_assert(net::table.output_count == 1);
