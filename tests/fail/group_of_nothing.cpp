// A group of parameters by a path that none has.
//
// expect: this_call_does_not_fit
// expect: where<.*"stage"
// expect: layer<.*"group of a trainer"
// expect: expects<.*a parameter of that path, or
// expect: found<.*"stage1,
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

using namespace tessera;

struct net : network<(dense<4> >> named<"stage1">(dense<2>)), shape<3>> {};
using run = trainer<model<net, backend::scalar>, squared_error, sgd>;

#ifdef CONTROL
void slow(run& train) { train.group<"stage1">({.rate = 0.1}); }
#else
void slow(run& train) { train.group<"stage">({.rate = 0.1}); }
#endif
