// Indices in arithmetic.
//
// expect: this_network_does_not_fit
// expect: where<.*"input"
// expect: layer<.*"sum"
// expect: expects<.*real numbers
// expect: found<.*int32
// expect: hint<.*embedding
#include <tessera/expression/branches.hpp>
#include <tessera/layers/embedding.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = embedding<100, 8> + embedding<100, 8>;
#else
inline constexpr auto blocks = identity + identity;
#endif

struct net : network<blocks, in<"tokens", shape<6>, int32>> {};
static_assert(net::table.output_count == 1);
