// A computed index that selects from a table, and may lie outside it.
//
// expect: operation<.*gather
// expect: expects<.*an index from 0 to 4
// expect: found<.*from 1 to 8
// expect: hint<.*clamp\(index, 0, 4\)
#include <tessera/core.hpp>

using namespace tessera;

inline constexpr auto next_of_largest = [](value x) {
    const value table = parameter("table", {5, 3}).with(x);
#ifdef CONTROL
    return gather(table, clamp(arg_max(x) + 1, 0, 4));
#else
    return gather(table, arg_max(x) + 1);
#endif
};

struct net : network<next_of_largest, shape<8>> {};

static_assert(program<net, backend::scalar>::workspace_bytes > 0);
