// Layers that gate, and maps that the data make, of 32 images of 16 channels, 28 by 28: see families.hpp, and gates.py
// beside it.
//
//     bench_layers_families_gates [<part of a row's name>]
#include <tessera/expression/chain.hpp>
#include <tessera/layers/attention/cbam.hpp>
#include <tessera/layers/attention/deformable_gate.hpp>
#include <tessera/layers/attention/lambda_convolution.hpp>
#include <tessera/layers/attention/token_learner.hpp>

#include "families.hpp"

namespace {

using namespace tessera;
using image = shape<28, 28, 16>;

struct lambda_net : network<lambda_convolution<16, 7>, image> {};
struct deformable_net : network<deformable_gate<3>, image> {};
struct tokens_net : network<token_learner<8>, image> {};
struct weighed_net : network<(squeeze_excite<4> >> cbam<4, 7>), image> {};

}  // namespace

int main(int argc, char** argv) {
    using namespace families;
    if (argc > 1) wanted = argv[1];
    row<lambda_net>("lambda layer");
    row<deformable_net>("deformable gate");
    row<tokens_net>("TokenLearner");
    row<weighed_net>("squeeze-excite, CBAM");
}
