// A cross entropy of a single number without classes.
//
// expect: this_network_does_not_fit
// expect: where<.*"loss"
// expect: expects<.*logits \(..., classes\)
// expect: found<.*shape \(\)
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

using namespace tessera;

inline constexpr auto total = identity >> [](value x) { return sum(x); };

struct net : network<total, shape<4>> {};

#ifdef CONTROL
using loss = squared_error;
#else
using loss = cross_entropy;
#endif

using trained = model<net, backend::scalar, batch<2>>;
using run = trainer<trained, loss, sgd>;
static_assert(run::memory_bytes > 0);
