// One value for a function of two.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: expects<.*2 values
// expect: found<.*"1"
#include <tessera/expression/chain.hpp>
#include <tessera/expression/fork.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = fork(dense<3>, dense<3>) >> [](value x, value y) { return x * y; };
#else
inline constexpr auto blocks = dense<3> >> [](value x, value y) { return x * y; };
#endif

struct net : network<blocks, shape<4>> {};
static_assert(net::table.output_count == 1);
