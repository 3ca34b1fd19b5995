// A model of a network with a mistake: one message, for the network.
//
// expect: this_network_does_not_fit
// expect: where<.*"2"
// expect: layer<.*"conv<8, 9>"
// expect: expects<.*at least 9 elements on axis 0
// expect: found<.*6 with padding, of \(6, 6, 8\)
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = conv<8, 3> >> relu >> conv<8, 5> >> flatten >> dense<10>;
#else
inline constexpr auto blocks = conv<8, 3> >> relu >> conv<8, 9> >> flatten >> dense<10>;
#endif

struct net : network<blocks, shape<8, 8, 3>> {};

using classify = model<net, backend::scalar, batch<2>>;
float first(classify& m, const float (&x)[192]) { return m(x)[0]; }
