// Capsules of channels that nothing has made capsules of.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: layer<.*"capsule_dense<3, 4, 3>"
// expect: expects<.*capsules \(lower, pose\)
// expect: found<.*\(8, 8, 8\)
#include <tessera/expression/chain.hpp>
#include <tessera/layers/capsule/capsule_dense.hpp>
#include <tessera/layers/capsule/primary_capsules.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = primary_capsules<2, 4, 3> >> capsule_dense<3, 4>;
#else
inline constexpr auto blocks = conv<8, 3> >> capsule_dense<3, 4>;
#endif

struct net : network<blocks, shape<10, 10, 1>> {};
static_assert(net::table.output_count >= 1);
