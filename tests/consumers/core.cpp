// The core alone: a network that is trained and called by the scalar backend, and the version that the package states.
#include <tessera/core.hpp>
#include <tessera/train.hpp>
#include <tessera/version.hpp>

using namespace tessera;

#ifdef FOUND_VERSION
static_assert(TESSERA_VERSION == FOUND_VERSION);
#endif
static_assert(library_version == version_number{TESSERA_VERSION_MAJOR, TESSERA_VERSION_MINOR, TESSERA_VERSION_PATCH});
static_assert(library_version > version_number{0, 0, 9} && library_version < version_number{1, 0, 0});

struct addition : network<dense<1>, shape<2>> {};
using adder = model<addition, backend::scalar>;

int main() {
    adder net(1);
    trainer<adder, squared_error, sgd> train(net);
    const float x[] = {1, 2}, wanted[] = {3};
    for (int i = 0; i < 100; ++i) train.step(0.1, x, wanted);
    const float y = net(x)[0];
    return y > 2.9F && y < 3.1F ? 0 : 1;
}
