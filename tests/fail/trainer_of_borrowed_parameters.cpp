// A trainer of a model whose parameters are somebody else's.
//
// expect: a model that borrows its parameters is not trained; train one that owns them
#include <tessera/tessera.hpp>

using namespace tessera;

struct net : network<dense<2>, shape<3>> {};

#ifdef CONTROL
using trained = model<net, backend::scalar>;
#else
using trained = model<net, backend::scalar, borrowed>;
#endif

static_assert(sizeof(trainer<trained, cross_entropy, sgd>) > 0);
