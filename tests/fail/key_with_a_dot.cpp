// A key of tied<> with a dot: a key is a name in paths.
//
// expect: tied<key>\(f\): a key has one letter or more, any but '\.'
#include <tessera/expression/chain.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto step = tied<"step">(dense<4>);
#else
inline constexpr auto step = tied<"the.step">(dense<4>);
#endif
struct net : network<(step >> step), shape<4>> {};
static_assert(net::table.parameter_count == 2);
