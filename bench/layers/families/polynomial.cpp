// Two layers of products, as MONet has them in a block, of 32 images of 16 channels, 28 by 28: see families.hpp, and
// polynomial.py beside it.
//
//     bench_layers_families_polynomial [<part of a row's name>]
#include <tessera/layers/polynomial/poly_block.hpp>

#include "families.hpp"

namespace {

using namespace tessera;

struct block_net : network<poly_block<3>, shape<28, 28, 16>> {};

}  // namespace

int main(int argc, char** argv) {
    using namespace families;
    if (argc > 1) wanted = argv[1];
    row<block_net>("MONet, two mu layers");
}
