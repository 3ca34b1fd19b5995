// A model that is asked to change its own parameters.
//
// expect: a model does not train itself; trainer<model, loss, optimiser> does
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradients_of.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/training.hpp>

using namespace tessera;

struct net : network<dense<2>, shape<4>> {};

#ifdef CONTROL
using mode = gradients_of<squared_error>;
#else
using mode = training<squared_error>;
#endif

model<net, backend::scalar, batch<1>, float, mode> trained;
