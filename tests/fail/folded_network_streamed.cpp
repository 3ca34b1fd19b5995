// A network that is folded for whole inputs is not for streams.
//
// expect: this_network_does_not_fit
// expect: where<.*"folded"
// expect: found<.*"streaming"
// expect: expects<.*"inference"
// expect: hint<.*folded<net, streaming>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/folded.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/recurrent/gru.hpp>

using namespace tessera;

struct net : network<(dense<2> >> gru<2>), shape<4, 3>> {};
struct fast : folded<net> {};
struct listening : folded<net, streaming> {};

#ifdef CONTROL
using streamed = listening;
#else
using streamed = fast;
#endif

using run = model<streamed, backend::scalar, batch<1>, float, streaming>;
static_assert(run::memory_bytes > 0);
