// A model that borrows the parameters of another network.
//
// expect: these weights are of another network than the model that borrows them
#include <tessera/core.hpp>

using namespace tessera;

struct net : network<dense<2>, shape<3>> {};
struct other : network<dense<3>, shape<2>> {};

#ifdef CONTROL
const weights_of<net> trained;
#else
const weights_of<other> trained;
#endif
model<net, backend::scalar, borrowed> classify(trained);
