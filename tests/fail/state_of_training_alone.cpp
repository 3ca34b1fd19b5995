// A state that only training binds, so that inference has no place for it.
//
// expect: this_network_does_not_fit
// expect: expects<.*n.* \(2\), as in inference
// expect: found<.*none in inference
// never: a model that streams is not trained
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/ir/operations/store.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

using namespace tessera;

inline constexpr auto counted = [](value x) {
#ifndef CONTROL
    if (!x.training()) return x;
#endif
    const value n = state("n", {2}).with(x);
    if (x.training()) update(n, n + 1);
    return x + n;
};
struct net : network<(dense<2> >> counted), shape<4>> {};

using run = trainer<model<net, backend::scalar>, squared_error, sgd>;
static_assert(run::memory_bytes > 0);
