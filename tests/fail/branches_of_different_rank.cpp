// An image and a vector, concatenated.
//
// expect: this_network_does_not_fit
// expect: layer<.*"concatenation"
// expect: expects<.*parts that differ on axis 2 only
// expect: found<.*\(4, 4, 3\) and \(16\)
#include <tessera/expression/branches.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = conv<3, 3, same> | conv<1, 1>;
#else
inline constexpr auto blocks = conv<3, 3, same> | flatten;
#endif

struct net : network<blocks, shape<4, 4, 1>> {};
static_assert(net::table.output_count == 1);
