// Whole numbers and real ones in one sum.
//
// expect: this_network_does_not_fit
// expect: where<.*"input"
// expect: layer<.*"sum"
// expect: expects<.*whole numbers
// expect: found<.*real ones
// expect: hint<.*to_real
#include <tessera/expression/branches.hpp>
#include <tessera/layers/embedding.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = embedding<100, 8> + embedding<100, 8>;
#else
inline constexpr auto blocks = identity + embedding<100, 6>;
#endif

struct net : network<blocks, in<"tokens", shape<6>, int32>> {};
static_assert(net::table.output_count == 1);
