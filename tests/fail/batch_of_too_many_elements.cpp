// A batch of which one value has more elements than an int counts.
//
// expect: this_network_does_not_fit
// expect: where<.*"input"
// expect: expects<.*fewer than 2\^31 elements
// expect: found<.*\(512, 512, 64\) for 128
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>

using namespace tessera;

struct net : network<relu, shape<512, 512, 64>> {};

#ifdef CONTROL
using samples = batch<127>;
#else
using samples = batch<128>;
#endif
static_assert(model<net, backend::scalar, samples>::workspace_bytes >= 0);
