// A convolution over time, frame by frame.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: layer<.*"conv<4, 3>"
// expect: expects<.*at least 3 elements on axis 0
// expect: found<.*1 with padding, of \(1, 3\)
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
