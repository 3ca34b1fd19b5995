// A layer that puts all elements of time into one row, frame by frame.
//
// expect: this_network_does_not_fit
// expect: where<.*"0"
// expect: layer<.*"flatten"
// expect: expects<.*each element of time by itself
// expect: found<.*reshape of more than one element
// expect: hint<.*a model of whole sequences
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/model.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = relu >> dense<4>;
#else
inline constexpr auto blocks = flatten >> dense<4>;
#endif

struct net : network<blocks, shape<6, 3>> {};

using stream = model<net, backend::scalar, batch<1>, float, streaming>;
static_assert(stream::workspace_bytes > 0);
