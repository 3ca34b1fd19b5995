// One offset a tap, where each has a row and a column.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: layer<.*"deformable_conv<4, 3>"
// expect: expects<.*offsets \(9, 9, 18\)
// expect: found<.*\(9, 9, 9\)
#include <tessera/expression/chain.hpp>
#include <tessera/expression/fork.hpp>
#include <tessera/layers/attention/deformable_conv.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
inline constexpr auto blocks = fork(identity, conv<18, 3, same>) >> deformable_conv<4, 3, same>;
#else
inline constexpr auto blocks = fork(identity, conv<9, 3, same>) >> deformable_conv<4, 3, same>;
#endif

struct net : network<blocks, shape<9, 9, 2>> {};
static_assert(net::table.output_count >= 1);
