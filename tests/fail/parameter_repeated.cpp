// A parameter twice under one path.
//
// expect: this_network_does_not_fit
// expect: where<.*"input"
// expect: expects<.*parameter .*scale.* once under one .*path
// expect: found<.*a second one
// expect: hint<.*named<>
#include <tessera/expression/chain.hpp>
#include <tessera/ir/operations/einsum.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = identity >>
                               [](value x) { return x * parameter("scale", {4}) + parameter("shift", {4}); };
#else
inline constexpr auto blocks = identity >>
                               [](value x) { return x * parameter("scale", {4}) + parameter("scale", {4}); };
#endif

struct net : network<blocks, shape<4>> {};
static_assert(net::table.output_count == 1);
