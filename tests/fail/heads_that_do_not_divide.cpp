// More features than the heads can share.
//
// expect: this_network_does_not_fit
// expect: where<.*"0"
// expect: layer<.*"multi_head_attention<3>"
// expect: expects<.*features divisible by 3 heads
// expect: found<.*shape \(16, 8\)
#include <tessera/expression/chain.hpp>
#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/layers/relu.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = multi_head_attention<4> >> relu;
#else
inline constexpr auto blocks = multi_head_attention<3> >> relu;
#endif

struct net : network<blocks, shape<16, 8>> {};
static_assert(net::table.output_count == 1);
