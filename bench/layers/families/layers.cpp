// Unusual layers as one writes them, 32 samples of 16 channels, 28 by 28, unless a row says otherwise: see families.hpp.
//
//     bench_layers_families_layers [<part of a row's name>]
#include <tessera/expression/chain.hpp>
#include <tessera/layers/activation/sigmoid.hpp>
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>

#include "../../../tests/networks/prologues.hpp"
#include "families.hpp"

namespace {

using namespace tessera;
using namespace networks;

constexpr value squash(value s) {  // (J, D)
    const value square_length = sum(square(s), last, keep_axes);
    return s * sqrt(square_length + 1e-9) / (1 + square_length);
}
inline constexpr auto routing = [](value x) {  // (676, 8) -> (10, 16)
    const value u = einsum("ip,ipjd->ijd", x, parameter("w", {676, 8, 10, 16}, initial::constant(0.1)));
    value c = broadcast_to(constant(*x.owner, 0.1), {676, 10}, false);
    value v = squash(einsum("ij,ijd->jd", c, u)), b;
    for (int round = 1; round < 3; ++round) {
        const value agreement = einsum("ijd,jd->ij", u, v);
        b = round == 1 ? agreement : b + agreement;
        v = squash(einsum("ij,ijd->jd", softmax(b), u));
    }
    return v;
};
inline constexpr auto mu = [](value x) {  // a multilinear layer of degree 2
    const value a = layer_norm(dense<16>(x)), b = layer_norm(dense<16>(dense<2>(x)));
    return dense<16>(a + a * b);
};
inline constexpr auto gate = [](value x) {  // squeeze and excite
    return x * sigmoid(dense<16>(relu(dense<4>(mean(x, leading)))));
};
inline constexpr auto slots = [](value x) {  // (49, 64): one round of 7 slots, softmax over them
    const value k = dense<64>(x), v = dense<64>(x), q = parameter("q", {7, 64}, initial::normal(1)).with(x);
    const value a = softmax(einsum("nd,sd->ns", k, q) * 0.125);  // (49, 7)
    return einsum("ns,nd->sd", a / sum(a, axes(0), keep_axes), v);
};

struct spline_net : network<(spline_bases<8> >> conv<16, 3, same>), shape<28, 28, 16>> {};
struct chebyshev_net : network<(chebyshev_bases<4> >> conv<16, 3, same>), shape<28, 28, 16>> {};
struct routing_net : network<routing, shape<676, 8>> {};
struct mu_net : network<mu, shape<784, 16>> {};
struct gate_net : network<gate, shape<784, 16>> {};
struct slots_net : network<slots, shape<49, 64>> {};

}  // namespace

int main(int argc, char** argv) {
    using namespace families;
    if (argc > 1) wanted = argv[1];
    row<spline_net>("spline conv");
    row<chebyshev_net>("Chebyshev conv");
    row<routing_net>("routing of 676 to 10");
    row<mu_net>("mu layer");
    row<gate_net>("squeeze and excite");
    row<slots_net>("slot attention, one round");
}
