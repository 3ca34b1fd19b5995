// A model that is told two batches.
//
// expect: a model or program has one batch<N>, not two
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>

using namespace tessera;

struct net : network<dense<2>, shape<3>> {};

#ifdef CONTROL
model<net, batch<8>, backend::scalar> classify;
#else
model<net, batch<8>, backend::scalar, batch<8>> classify;
#endif
