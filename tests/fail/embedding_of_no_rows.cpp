// An embedding without rows.
//
// expect: embedding<V, D>: both must be at least 1
#include <tessera/layers/embedding.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = embedding<1, 8>;
#else
inline constexpr auto blocks = embedding<0, 8>;
#endif

struct net : network<blocks, in<"tokens", shape<4>, int32>> {};
static_assert(net::table.output_count == 1);
