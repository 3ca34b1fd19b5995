// A model whose numbers are integers.
//
// expect: an option of a model or program is a backend, batch<N>, float, double, a mode or borrowed
// expect: known<int>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>

using namespace tessera;

struct net : network<dense<2>, shape<3>> {};

#ifdef CONTROL
model<net, backend::scalar, batch<1>, double> classify;
#else
model<net, backend::scalar, batch<1>, int> classify;
#endif
