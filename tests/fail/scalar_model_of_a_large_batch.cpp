// expect: this model keeps more than 4 MiB inside the object
// expect: backend::scalar_on_heap
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>

using namespace tessera;

struct net : network<relu, shape<64, 64, 4>> {};

#ifndef CONTROL
using classify = model<net, backend::scalar, batch<128>>;
#else
using classify = model<net, backend::scalar_on_heap, batch<128>>;
#endif
float first(std::span<const float> images) {
    classify m;
    return m(images)[0];
}
