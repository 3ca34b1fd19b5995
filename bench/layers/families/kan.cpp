// Convolutions of Kolmogorov and Arnold, 32 images of 16 channels, 28 by 28: see families.hpp, and kan.py beside it.
//
//     bench_layers_families_kan [<part of a row's name>]
#include <tessera/layers/kan/ka_convs.hpp>

#include "families.hpp"

namespace {

using namespace tessera;
using image = shape<28, 28, 16>;

struct spline_net : network<ka_conv<16, 3, same>, image> {};
struct patches_net : network<kan_conv<16, 3, b_spline<5, 3>, same>, image> {};
struct chebyshev_net : network<chebyshev_conv<16, 3, 3, same>, image> {};
struct radial_net : network<fast_ka_conv<16, 3, same>, image> {};

}  // namespace

int main(int argc, char** argv) {
    using namespace families;
    if (argc > 1) wanted = argv[1];
    row<spline_net>("KAN conv, spline");
    row<patches_net>("KAN conv, patches");
    row<chebyshev_net>("KAN conv, Chebyshev");
    row<radial_net>("KAN conv, radial");
}
