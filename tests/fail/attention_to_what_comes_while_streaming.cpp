// Attention that sees all of a sequence, frame by frame.
//
// expect: this_network_does_not_fit
// expect: layer<.*"multi_head_attention<1>"
// expect: expects<.*each element of time by itself
// expect: found<.*attention of more than one
// expect: hint<.*a model of whole sequences
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/model.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto layer = multi_head_attention<1, causal>;
#else
inline constexpr auto layer = multi_head_attention<1>;
#endif
struct net : network<layer, shape<6, 4>> {};

static_assert(model<net, backend::scalar, streaming>::workspace_bytes >= 0);
