// A tap of a model that does not keep it.
//
// expect: this model keeps no value of that name
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>
#include <tessera/tapped.hpp>

using namespace tessera;

struct net : network<(named<"stage">(dense<2>) >> dense<3>), shape<4>> {};

#ifdef CONTROL
using mode = tapped<"stage">;
#else
using mode = inference;
#endif

float first(const model<net, backend::scalar, batch<1>, float, mode>& m) { return m.tap<"stage">()[0]; }
