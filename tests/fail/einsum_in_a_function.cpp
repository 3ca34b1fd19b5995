// A mistake in a function of the user's: its place in the chain, and the operation in it.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: operation<.*"einsum"
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>

using namespace tessera;

#ifdef CONTROL
constexpr int features = 4;
#else
constexpr int features = 5;
#endif

constexpr auto mixed = [](value x) { return einsum("i,ij->j", x, parameter("mix", {features, 2})); };

struct net : network<(dense<4> >> mixed >> relu), shape<3>> {};
model<net, backend::scalar> made;
