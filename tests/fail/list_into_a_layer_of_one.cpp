// Two values for a layer that takes one.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: layer<.*"dense<2>"
// expect: expects<.*1 value
// expect: found<.*"2"
// expect: hint<.*parallel takes a list
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/fork.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = (dense<3> | dense<3>) >> dense<2>;
#else
inline constexpr auto blocks = fork(dense<3>, dense<3>) >> dense<2>;
#endif

struct net : network<blocks, shape<4>> {};
static_assert(net::table.output_count == 1);
