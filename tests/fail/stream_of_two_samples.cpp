// Two streams in a model that keeps the state of one.
//
// expect: a model that streams keeps the state of one stream, so its batch is batch<1>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/recurrent/gru.hpp>
#include <tessera/model.hpp>

using namespace tessera;

struct net : network<gru<4>, shape<6, 3>> {};

#ifdef CONTROL
using samples = batch<1>;
#else
using samples = batch<2>;
#endif

static_assert(model<net, backend::scalar, samples, float, streaming>::workspace_bytes >= 0);
