// A folded network is for whole inputs; the network that it comes from can be streamed.
//
// expect: this_network_does_not_fit
// expect: where<.*"folded"
// expect: found<.*"streaming"
// expect: hint<.*stream the network as it was
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/folded.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/recurrent/gru.hpp>

using namespace tessera;

struct net : network<(dense<2> >> gru<2>), shape<4, 3>> {};
struct fast : folded<net> {};

#ifdef CONTROL
using streamed = net;
#else
using streamed = fast;
#endif

using run = model<streamed, backend::scalar, batch<1>, float, streaming>;
static_assert(run::memory_bytes > 0);
