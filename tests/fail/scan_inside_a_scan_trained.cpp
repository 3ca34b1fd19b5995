// A recurrence in the body of another, of which training takes the gradient.
//
// expect: this_network_does_not_fit
// expect: expects<.*a body without a scan
// expect: found<.*a scan inside a scan
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/ir/operations/scan.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

using namespace tessera;

inline constexpr auto zeros = [](value x) { return stretch(constant(*x.owner, 0), {2}, true); };
inline constexpr auto sums = [](value x) { return scan([](value h, value item) { return h + item; }, zeros(x), x); };
inline constexpr auto twice = identity >> [](value x) {
#ifdef CONTROL
    return scan([](value h, value item) { return h + sum(item, leading); }, zeros(x), x);
#else
    return scan([](value h, value item) { return h + sum(sums(item), leading); }, zeros(x), x);
#endif
};
struct net : network<(dense<2> >> twice), shape<4, 3, 2>> {};

using run = trainer<model<net, backend::scalar>, squared_error, sgd>;
static_assert(run::memory_bytes > 0);
