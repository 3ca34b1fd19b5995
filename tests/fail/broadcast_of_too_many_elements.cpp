// Two values that stretch one another to more elements than an int counts.
//
// expect: this_network_does_not_fit
// expect: where<.*"pairs"
// expect: expects<.*fewer than 2\^31 elements
// expect: found<.*\(65536, 65536\)
#include <tessera/expression/named.hpp>
#include <tessera/ir/operations.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
constexpr int rows = 32767;
#else
constexpr int rows = 65536;
#endif
inline constexpr auto pairs = named<"pairs">([](value x) { return reshape(slice(x, 0, 0, rows), {rows, 1}) * x; });
struct net : network<pairs, shape<65536>> {};
static_assert(net::table.output_count == 1);
