// The default backend, of which only the core is included.
//
// expect: the backend is not included; include <tessera/tessera.hpp>, or name backend::scalar
#include <tessera/core.hpp>

using namespace tessera;

struct net : network<dense<2>, shape<3>> {};

#ifdef CONTROL
using classify = model<net, backend::scalar>;
#else
using classify = model<net>;
#endif

float first(classify& m, const float (&x)[3]) { return m(x)[0]; }
