// An optimiser where the loss is expected.
//
// expect: the second is a loss, such as cross_entropy
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

using namespace tessera;

struct net : network<dense<2>, shape<3>> {};

#ifdef CONTROL
using run = trainer<model<net, backend::scalar>, squared_error, sgd>;
#else
using run = trainer<model<net, backend::scalar>, sgd, squared_error>;
#endif

static_assert(sizeof(run) > 0);
