// A name with a dot, under which parameters would have the path of others.
//
// expect: named<name>\(f\): a name has one letter or more, any but '\.'
#include <tessera/expression/branches.hpp>
#include <tessera/expression/named.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto beside = named<"a-b">(dense<3>);
#else
inline constexpr auto beside = named<"a.b">(dense<3>);
#endif
struct net : network<(beside + named<"a">(named<"b">(dense<3>))), shape<4>> {};
static_assert(net::table.parameter_count == 4);
