// A loss of pairs on a network of one output.
//
// expect: this_network_does_not_fit
// expect: where<.*"loss"
// expect: expects<.*two outputs \(..., features\)
// expect: found<.*shape \(2\)
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/cosine_embedding.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

using namespace tessera;

struct net : network<dense<2>, shape<4>> {};

#ifdef CONTROL
using loss = squared_error;
#else
using loss = cosine_embedding<>;
#endif

using trained = model<net, backend::scalar, batch<2>>;
using run = trainer<trained, loss, sgd>;
static_assert(run::memory_bytes > 0);
