// A batch of no samples.
//
// expect: batch<N>: N must be at least 1
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>

using namespace tessera;

struct net : network<dense<2>, shape<3>> {};

#ifdef CONTROL
using samples = batch<1>;
#else
using samples = batch<0>;
#endif

static_assert(model<net, backend::scalar, samples>::workspace_bytes >= 0);
