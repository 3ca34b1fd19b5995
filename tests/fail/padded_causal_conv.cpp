// A causal convolution pads before the first element by itself.
//
// expect: causal_conv<C, K, \.\.\.>: options are dilation<D>, groups<G> and no_bias
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/causal_conv.hpp>
#include <tessera/model.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto layer = causal_conv<3, 2, dilation<2>, groups<3>, no_bias>;
#else
inline constexpr auto layer = causal_conv<3, 2, pad<1>>;
#endif
struct net : network<layer, shape<6, 3>> {};

static_assert(model<net, backend::scalar>::workspace_bytes >= 0);
