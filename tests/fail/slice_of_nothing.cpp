// A slice of no elements.
//
// expect: slice_axis<Axis, First, Count, Step>: Count and Step must be at least 1
#include <tessera/layers/slice_axis.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = slice_axis<0, 1, 1>;
#else
inline constexpr auto blocks = slice_axis<0, 1, 0>;
#endif

struct net : network<blocks, shape<4>> {};
static_assert(net::table.output_count == 1);
