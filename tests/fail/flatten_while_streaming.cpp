// A layer whose parameters grow with the length of the sequence, frame by frame.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: expects<.*weight.* \(18, 4\), as on whole .*sequences
// expect: found<.*\(3, 4\)
// expect: hint<.*one .*element of time
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
