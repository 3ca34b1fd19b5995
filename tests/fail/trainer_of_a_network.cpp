// A trainer of a network, which has no parameters to change.
//
// expect: the first is a model, such as model<net>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

using namespace tessera;

struct net : network<dense<2>, shape<3>> {};

#ifdef CONTROL
using trained = model<net, backend::scalar>;
#else
using trained = net;
#endif

using run = trainer<trained, squared_error, sgd>;
static_assert(sizeof(run) > 0);
