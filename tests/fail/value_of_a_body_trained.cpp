// The last iteration's value of a body, read after the scan: it has no gradient.
//
// expect: this_network_does_not_fit
// expect: expects<.*a scan of which its result
// expect: found<.*a value of its body
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/ir/operations/scan.hpp>
#include <tessera/model.hpp>
#include <tessera/train/loss/squared_error.hpp>
#include <tessera/train/optimiser/sgd.hpp>
#include <tessera/train/trainer.hpp>

using namespace tessera;

inline constexpr auto last_of = [](value x) {
    value kept;
    const value w = parameter("w", {2}, initial::constant(1)).with(x);
    const value carries = scan([&](value h, value item) { return kept = tanh(w * h + item); },
                               broadcast_to(constant(*x.owner, 0), {2}, true), x);
#ifdef CONTROL
    return reshape(slice(carries, 0, 3, 1), {2});
#else
    (void)carries;
    return kept;
#endif
};
struct net : network<last_of, shape<4, 2>> {};

using run = trainer<model<net, backend::scalar>, squared_error, sgd>;
static_assert(run::memory_bytes > 0);
