// Attention over an image that is not yet a sequence.
//
// expect: this_network_does_not_fit
// expect: layer<.*"multi_head_attention<2>"
// expect: expects<.*a sequence \(places, features\)
// expect: found<.*shape \(4, 4, 8\)
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/network.hpp>

using namespace tessera;

inline constexpr auto blocks = multi_head_attention<2>;

#ifdef CONTROL
struct net : network<blocks, shape<16, 8>> {};
#else
struct net : network<blocks, shape<4, 4, 8>> {};
#endif

static_assert(net::table.output_count == 1);
