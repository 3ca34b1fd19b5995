// A model that is told two modes.
//
// expect: a model or program has one mode, not two
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/model.hpp>

using namespace tessera;

struct net : network<gru<4>, shape<6, 3>> {};

#ifdef CONTROL
model<net, streaming, backend::scalar> ear;
#else
model<net, streaming, backend::scalar, inference> ear;
#endif
