// A gradient of a model that runs forward only.
//
// expect: this model computes no gradients
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradients_of.hpp>
#include <tessera/train/loss/selected_output.hpp>

using namespace tessera;

struct net : network<(named<"stage">(dense<2>) >> dense<3>), shape<4>> {};

#ifdef CONTROL
using mode = gradients_of<selected_output>;
#else
using mode = inference;
#endif

float first(const model<net, backend::scalar, batch<1>, float, mode>& m) { return m.gradient()[0]; }
