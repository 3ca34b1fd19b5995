// Names in names that add up to a path longer than any is kept.
//
// expect: this_network_does_not_fit
// expect: expects<.*a path of fewer than
// expect: found<.*"73"
#include <tessera/expression/named.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/network.hpp>

using namespace tessera;

inline constexpr auto inner = named<"the-projection-of-the-features">(dense<3>);
#ifdef CONTROL
struct net : network<named<"head">(inner), shape<4>> {};
#else
struct net : network<named<"the-encoder-of-the-left-input-image">(inner), shape<4>> {};
#endif
static_assert(net::table.output_count == 1);
