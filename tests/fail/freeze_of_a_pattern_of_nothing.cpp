// A pattern to freeze that no parameter has.
//
// expect: this_network_does_not_fit
// expect: where<.*"\*.wieght"
// expect: layer<.*"freeze"
// expect: expects<.*a parameter of that path, or
// expect: found<.*0.weight,
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

using namespace tessera;

struct net : network<(dense<4> >> named<"stage1">(dense<2>)), shape<3>> {};

#ifdef CONTROL
using run = trainer<model<net, backend::scalar>, squared_error, sgd, freeze<"*.weight">>;
#else
using run = trainer<model<net, backend::scalar>, squared_error, sgd, freeze<"*.wieght">>;
#endif

static_assert(sizeof(run) > 0);
