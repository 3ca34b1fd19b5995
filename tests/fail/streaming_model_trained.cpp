// A model that runs frame by frame, handed to a trainer.
//
// expect: a model that streams is not trained; train one of whole sequences and copy its parameters
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

using namespace tessera;

struct net : network<gru<4>, shape<6, 3>> {};

#ifdef CONTROL
using mode = inference;
#else
using mode = streaming;
#endif

using run = trainer<model<net, backend::scalar, batch<1>, float, mode>, squared_error, sgd>;
static_assert(run::memory_bytes > 0);
