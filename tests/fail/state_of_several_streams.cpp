// A state that one for all samples is updated with, in a model of two streams.
//
// expect: this_network_does_not_fit
// expect: layer<.*"network"
// expect: expects<.*states that each of several
// expect: found<.*loudest.*, which all would change
// expect: hint<.*the carry of a scan is each
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/ir/operations/scan.hpp>
#include <tessera/model.hpp>

using namespace tessera;

inline constexpr auto heard = [](value x) {
    const value loudest = state("loudest", {}).with(x);
    return scan(
        [&](value h, value frame) {
            update(loudest, maximum(loudest, batch_mean(max(frame, all))));
            return h + frame;
        },
        broadcast_to(constant(*x.owner, 0), {3}, x.batched()), x);
};
struct net : network<heard, shape<6, 3>> {};

#ifdef CONTROL
using samples = batch<1>;
#else
using samples = batch<2>;
#endif

static_assert(model<net, backend::scalar, samples, float, streaming>::workspace_bytes >= 0);
