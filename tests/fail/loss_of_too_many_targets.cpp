// A loss that wants more than a call has room for.
//
// expect: this_network_does_not_fit
// expect: expects<.*at most 16 inputs
// expect: found<.*17
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradients_of.hpp>
#include <tessera/train/loss/target.hpp>

using namespace tessera;

#ifdef CONTROL
constexpr int targets = 8;
#else
constexpr int targets = 9;
#endif
struct demanding {
    static constexpr value apply(graph& g, const values& y) {
        value total = sum(y[0]);
        for (int i = 0; i < targets; ++i)
            total = total + sum(y[0] * losses::target(g, text("target_") + i, y[0].shape(), element::real));
        return total;
    }
};
inline constexpr auto added = [](const values& x) {
    value total = x[0];
    for (int i = 1; i < x.count; ++i) total = total + x[i];
    return total;
};
using two = shape<2>;
struct net : network<added, two, two, two, two, two, two, two, two> {};
static_assert(model<net, backend::scalar, batch<1>, float, gradients_of<demanding>>::workspace_bytes > 0);
