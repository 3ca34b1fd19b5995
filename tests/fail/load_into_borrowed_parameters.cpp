// A file that is loaded into a model whose parameters are somebody else's.
//
// expect: tessera: load: a model that borrows does not write its parameters; load into the weights
#include <tessera/core.hpp>
#include <tessera/io.hpp>

using namespace tessera;

struct net : network<dense<2>, shape<3>> {};

void read(weights_of<net>& shared, model<net, backend::scalar, borrowed>& voice) {
#ifdef CONTROL
    load(shared, "net.safetensors");
    static_cast<void>(voice);
#else
    load(voice, "net.safetensors");
    static_cast<void>(shared);
#endif
}
