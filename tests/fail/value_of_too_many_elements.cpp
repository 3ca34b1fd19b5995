// A value that has more elements than an int counts.
//
// expect: this_network_does_not_fit
// expect: where<.*"up"
// expect: expects<.*fewer than 2\^31 elements
// expect: found<.*\(65536, 65536\)
#include <tessera/expression/named.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = named<"up">([](value x) { return broadcast_to(x, {32767, 65536}, true); });
#else
inline constexpr auto blocks = named<"up">([](value x) { return broadcast_to(x, {65536, 65536}, true); });
#endif
struct net : network<blocks, shape<1, 1>> {};
static_assert(net::table.output_count == 1);
