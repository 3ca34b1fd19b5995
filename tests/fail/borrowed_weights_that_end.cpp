// A model that borrows from weights that end with the statement.
//
// expect: these weights end with the statement, and the model that borrows them does not; give them a name
#include <tessera/core.hpp>

using namespace tessera;

struct net : network<dense<2>, shape<3>> {};

const weights_of<net> trained;
#ifdef CONTROL
model<net, backend::scalar, borrowed> classify(trained);
#else
model<net, backend::scalar, borrowed> classify(weights_of<net>(1));
#endif
