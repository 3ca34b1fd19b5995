// More loops inside one another than a backend counts.
//
// expect: this_network_does_not_fit
// expect: expects<.*at most 8 scans inside one another
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/ir/operations/scan.hpp>
#include <tessera/model.hpp>

using namespace tessera;

template <int Depth> constexpr value nested(value x) {
    const value zero = broadcast_to(constant(*x.owner, 0), {1}, x.batched());
    const auto body = [](value h, value item) {
        if constexpr (Depth > 1)
            return h + sum(nested<Depth - 1>(broadcast_to(item, {2, 1}, item.batched())), axes(0));
        else
            return h + item;
    };
    return scan(body, zero, x);
}
#ifdef CONTROL
inline constexpr auto deep = [](value x) { return nested<8>(x); };
#else
inline constexpr auto deep = [](value x) { return nested<9>(x); };
#endif
struct net : network<deep, shape<2, 1>> {};

#ifdef CONTROL
// each loop sums twice what the one inside returns, as a running total: 1 + 2 = 3 times as much
static_assert([] {
    model<net, backend::scalar> m;
    const float x[2] = {1, 0};
    return m(x)[1];
}() == 2187.0F);
#else
static_assert(model<net, backend::scalar>::workspace_bytes > 0);
#endif
