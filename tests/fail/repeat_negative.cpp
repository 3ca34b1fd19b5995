// Fewer than no repetitions.
//
// expect: repeat<N>: N must not be negative
#include <tessera/expression/repeat.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = repeat<0>(dense<4>);
#else
inline constexpr auto blocks = repeat<-1>(dense<4>);
#endif

struct net : network<blocks, shape<4>> {};
static_assert(net::table.output_count == 1);
