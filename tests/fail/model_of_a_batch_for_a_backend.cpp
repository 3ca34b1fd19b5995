// A batch where the backend is expected.
//
// expect: the second is a backend, such as backend::simd
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>

using namespace tessera;

struct net : network<dense<2>, shape<3>> {};

#ifdef CONTROL
model<net, backend::scalar, batch<8>> classify;
#else
model<net, batch<8>> classify;
#endif
