// A penalty that is no scalar.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: expects<.*a scalar
// expect: found<.*shape \(2\)
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/ir/add_loss.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>

using namespace tessera;

inline constexpr auto penalised = [](value x) {
#ifdef CONTROL
    add_loss(sum(x));
#else
    add_loss(x);
#endif
    return x;
};
struct net : network<(dense<2> >> penalised), shape<4>> {};

static_assert(model<net, backend::scalar>::capacity == 1);
