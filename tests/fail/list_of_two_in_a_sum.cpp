// A branch that gives a list, where each gives one value.
//
// expect: this_network_does_not_fit
// expect: where<.*"0"
// expect: expects<.*one value from each part
// expect: found<.*2 from part 1
#include <tessera/expression/branches.hpp>
#include <tessera/expression/fork.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto branch = fork(relu);
#else
inline constexpr auto branch = fork(relu, relu);
#endif
struct net : network<((identity + branch) >> relu), shape<3>> {};
static_assert(net::table.output_count == 1);
