// An embedding of numbers that are no indices.
//
// expect: this_network_does_not_fit
// expect: where<.*"0"
// expect: layer<.*"embedding<100, 8>"
// expect: expects<.*an index of element int32
// expect: found<.*shape \(6\)
// expect: hint<.*declare it: in<
#include <tessera/expression/chain.hpp>
#include <tessera/layers/embedding.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

inline constexpr auto blocks = embedding<100, 8> >> relu;

#ifdef CONTROL
struct net : network<blocks, in<"tokens", shape<6>, int32>> {};
#else
struct net : network<blocks, shape<6>> {};
#endif

static_assert(net::table.output_count == 1);
