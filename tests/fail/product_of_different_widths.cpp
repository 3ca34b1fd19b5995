// Two branches of different width, multiplied.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: layer<.*"product"
// expect: expects<.*operands of .*multiply.* of equal .*extents
// expect: found<.*\(8\) and \(6\)
// expect: hint<.*1 stretches
#include <tessera/expression/branches.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = relu >> dense<8>* dense<8>;
#else
inline constexpr auto blocks = relu >> dense<8>* dense<6>;
#endif

struct net : network<blocks, shape<32>> {};
static_assert(net::table.output_count == 1);
