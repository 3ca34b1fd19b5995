// A convolution over time, frame by frame.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: layer<.*"conv<4, 3>"
// expect: expects<.*each element of time by itself
// expect: found<.*convolution of more than one
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = relu >> conv<4, 1>;
#else
inline constexpr auto blocks = relu >> conv<4, 3>;
#endif

struct net : network<blocks, shape<6, 3>> {};

using stream = model<net, backend::scalar, batch<1>, float, streaming>;
static_assert(stream::workspace_bytes > 0);
