// A gradient penalty, which needs a second derivative, on a network with max pooling.
//
// expect: this_network_does_not_fit
// expect: where<.*"1"
// expect: layer<.*"max_pool<2>"
// expect: expects<.*one derivative of max pooling
// expect: found<.*a second one
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/pool.hpp>
#include <tessera/train/training.hpp>

using namespace tessera;
using namespace tessera::detail;

// the square of the gradient with respect to the input
struct gradient_penalty {
    static constexpr value apply(graph& g, const values& y) {
        const value x{&g, 0}, total = sum(y[0]);
        tape t(g, {x.id});
        t.run(total, broadcast_to(constant(g, 1), total.shape(), true));
        return sum(square(t.gradient(x.id)));
    }
};

#ifdef CONTROL
inline constexpr auto blocks = conv<2, 1> >> avg_pool<2> >> flatten >> dense<1>;
#else
inline constexpr auto blocks = conv<2, 1> >> max_pool<2> >> flatten >> dense<1>;
#endif

struct net : network<blocks, shape<4, 4, 1>> {};
using run = program<net, backend::scalar, batch<1>, float, training<gradient_penalty>>;
static_assert(run::workspace_bytes > 0);
