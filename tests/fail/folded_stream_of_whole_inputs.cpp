// A network that is folded for streams is not for whole inputs.
//
// expect: this_network_does_not_fit
// expect: where<.*"folded"
// expect: expects<.*"streaming"
// expect: found<.*"inference"
// expect: hint<.*folded<net>
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
using whole = fast;
#else
using whole = listening;
#endif

using run = model<whole, backend::scalar>;
static_assert(run::memory_bytes > 0);
