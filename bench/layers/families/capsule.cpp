// Capsules of 32 images of 16 channels, 28 by 28: 676 primary ones that route to 10, 3 rounds. See families.hpp, and
// capsule.py beside it.
//
//     bench_layers_families_capsule [<part of a row's name>]
#include <tessera/expression/chain.hpp>
#include <tessera/layers/capsule/capsule_dense.hpp>
#include <tessera/layers/capsule/primary_capsules.hpp>

#include "families.hpp"

namespace {

using namespace tessera;

struct routing_net : network<(primary_capsules<4, 8, 3, 2> >> capsule_dense<10, 16, 3>), shape<28, 28, 16>> {};

}  // namespace

int main(int argc, char** argv) {
    using namespace families;
    if (argc > 1) wanted = argv[1];
    row<routing_net>("capsules, 676 to 10");
}
