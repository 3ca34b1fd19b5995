// More values than functions.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: layer<.*"parallel"
// expect: expects<.*1 values
// expect: found<.*2
// expect: hint<.*one for each function of parallel
#include <tessera/expression/chain.hpp>
#include <tessera/expression/fork.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = fork(dense<3>, dense<3>) >> parallel(identity, dense<3>) >>
                               [](value x, value y) { return x + y; };
#else
inline constexpr auto blocks = fork(dense<3>, dense<3>) >> parallel(dense<3>) >> [](value x, value y) { return x + y; };
#endif

struct net : network<blocks, shape<4>> {};
static_assert(net::table.output_count == 1);
