// A causal convolution that is applied again and again to one sequence, frame by frame: each time would have a past of
// its own.
//
// expect: this_network_does_not_fit
// expect: layer<.*"causal_conv<3, 2>"
// expect: expects<.*each element of time by itself
// expect: found<.*convolution of more than one
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/ir/operations/iterate.hpp>
#include <tessera/layers/causal_conv.hpp>
#include <tessera/model.hpp>

using namespace tessera;

inline constexpr auto cell = tied<"cell">(causal_conv<3, 2>);
inline constexpr auto refined = [](value x) {
#ifdef CONTROL
    return cell(cell(x));
#else
    return iterate<2>([](value h) { return cell(h); }, x);
#endif
};
struct net : network<refined, shape<6, 3>> {};

static_assert(model<net, backend::scalar, streaming>::workspace_bytes >= 0);
