// An option that belongs to another layer.
//
// expect: multi_head_attention<Heads, ...>: the options are with_bias, causal
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto layers = multi_head_attention<2, causal>;
#else
inline constexpr auto layers = multi_head_attention<2, stride<2>>;
#endif

struct net : network<layers, shape<5, 8>> {};
static_assert(net::parameter_count == 4 * 8 * 8);
