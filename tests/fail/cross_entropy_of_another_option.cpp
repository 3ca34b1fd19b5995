// An option of layers, given to a loss.
//
// expect: options are label_smoothing<S>, class_weights<W...> and
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

using namespace tessera;

struct net : network<dense<3>, shape<4>> {};

#ifdef CONTROL
using loss = cross_entropy_with<label_smoothing<0.1>>;
#else
using loss = cross_entropy_with<no_bias>;
#endif

using run = trainer<model<net, backend::scalar>, loss, sgd>;
static_assert(run::memory_bytes > 0);
