// A loss of one output on a network of two, of which it would see one alone.
//
// expect: this_network_does_not_fit
// expect: where<.*"loss"
// expect: expects<.*a network of one output
// expect: found<.*2 outputs
// expect: hint<.*a loss of your own calls it for
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/fork.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/train/loss/cross_entropy.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

using namespace tessera;

struct net : network<fork(dense<3>, dense<2>), shape<4>> {};

#ifdef CONTROL
struct loss {
    static constexpr value apply(graph& g, const values& y) {
        return cross_entropy::apply(g, {y[0]}) + squared_error::apply(g, {y[1]});
    }
};
#else
using loss = cross_entropy;
#endif

using run = trainer<model<net, backend::scalar, batch<2>>, loss, sgd>;
static_assert(run::memory_bytes > 0);
