// A tied layer on inputs of different width.
//
// expect: this_network_does_not_fit
// expect: where<.*"encoder"
// expect: layer<.*"dense<3>"
// expect: expects<.*parameter .*weight.* \(4, 3\)
// expect: found<.*\(3, 3\)
// expect: hint<.*tied layers need equal inputs
#include <tessera/expression/chain.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = tied<"encoder">(dense<4>) >> tied<"encoder">(dense<4>);
#else
inline constexpr auto blocks = tied<"encoder">(dense<3>) >> tied<"encoder">(dense<3>);
#endif

struct net : network<blocks, shape<4>> {};
static_assert(net::table.output_count == 1);
