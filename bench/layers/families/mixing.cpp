// Two inverted residual blocks, of 32 images of 16 channels, 28 by 28: see families.hpp, and mixing.py beside it.
//
//     bench_layers_families_mixing [<part of a row's name>]
#include <tessera/expression/chain.hpp>
#include <tessera/layers/mixing/inverted_residual.hpp>

#include "families.hpp"

namespace {

using namespace tessera;

struct blocks_net : network<(inverted_residual<6, 16> >> inverted_residual<6, 16>), shape<28, 28, 16>> {};

}  // namespace

int main(int argc, char** argv) {
    using namespace families;
    if (argc > 1) wanted = argv[1];
    row<blocks_net>("inverted residual blocks");
}
