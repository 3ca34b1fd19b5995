// A recurrent layer on an image.
//
// expect: this_network_does_not_fit
// expect: where<.*"0"
// expect: layer<.*"gru<8>"
// expect: expects<.*a sequence \(time, features\)
// expect: found<.*shape \(8, 8, 3\)
#include <tessera/expression/chain.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

inline constexpr auto blocks = gru<8> >> relu;

#ifdef CONTROL
struct net : network<blocks, shape<8, 3>> {};
#else
struct net : network<blocks, shape<8, 8, 3>> {};
#endif

static_assert(net::table.output_count == 1);
