// No groups.
//
// expect: group_norm<G>: G must be at least 1
#include <tessera/layers/normalisation/group_norm.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = group_norm<1>;
#else
inline constexpr auto blocks = group_norm<0>;
#endif

struct net : network<blocks, shape<8, 8, 4>> {};
static_assert(net::table.output_count == 1);
