// A tap of a model that does not keep it.
//
// expect: this_call_does_not_fit
// expect: where<.*tap .?'stage
// expect: expects<.*a name; there is none
// expect: hint<.*the mode tapped<path> keeps
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>
#include <tessera/network/tapped.hpp>

using namespace tessera;

struct net : network<(named<"stage">(dense<2>) >> dense<3>), shape<4>> {};

#ifdef CONTROL
using mode = tapped<"stage">;
#else
using mode = inference;
#endif

float first(const model<net, backend::scalar, batch<1>, float, mode>& m) { return m.tap<"stage">()[0]; }
