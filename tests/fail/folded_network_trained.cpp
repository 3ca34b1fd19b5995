// A folded network has nothing to train by: its batch norms are gone.
//
// expect: this_network_does_not_fit
// expect: where<.*"folded"
// expect: expects<.*"inference"
// expect: found<.*"training"
// expect: hint<.*train the network, then fold it
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/folded.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

using namespace tessera;

struct net : network<(dense<2> >> batch_norm), shape<4>> {};
struct fast : folded<net> {};

#ifdef CONTROL
using trained = net;
#else
using trained = fast;
#endif

using run = trainer<model<trained, backend::scalar, batch<2>>, squared_error, sgd>;
static_assert(run::memory_bytes > 0);
