// More values in a list than it holds, though the network has one output.
//
// expect: this_network_does_not_fit
// expect: expects<.*at most 8 values in a list
// expect: found<.*more
#include <tessera/expression/chain.hpp>
#include <tessera/ir/operations.hpp>
#include <tessera/network.hpp>

using namespace tessera;

#ifdef CONTROL
constexpr int many = 8;
#else
constexpr int many = 10;
#endif
inline constexpr auto multiples = [](value x) {
    values list;
    for (int i = 0; i < many; ++i) list.push(x * i);
    value total = list[0];
    for (int i = 1; i < list.count; ++i) total = total + list[i];
    return total;
};
struct net : network<multiples, shape<3>> {};
static_assert(net::table.output_count == 1);
