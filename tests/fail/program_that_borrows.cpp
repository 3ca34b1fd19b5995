// A program that is told where the parameters of models are.
//
// expect: a model borrows parameters; its program is the same as of one that owns them
#include <tessera/core.hpp>

using namespace tessera;

struct net : network<dense<2>, shape<3>> {};

#ifdef CONTROL
static_assert(program<net, backend::scalar>::workspace_bytes >= 0);
#else
static_assert(program<net, backend::scalar, borrowed>::workspace_bytes >= 0);
#endif
