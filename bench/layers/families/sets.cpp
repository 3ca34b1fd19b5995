// Layers of sets, of 32 sets of 784 elements of 16 features: see families.hpp, and sets.py beside it.
//
//     bench_layers_families_sets [<part of a row's name>]
#include <tessera/expression/chain.hpp>
#include <tessera/layers/attention/isab.hpp>
#include <tessera/layers/attention/pma.hpp>
#include <tessera/layers/attention/slot_attention.hpp>

#include "families.hpp"

namespace {

using namespace tessera;
using set = shape<784, 16>;

struct slots_net : network<slot_attention<7, 3, slots_of<32>, learnt_slots>, set> {};
struct transformer_net : network<(isab<64, 4, 16> >> pma<64, 4, 4>), set> {};

}  // namespace

int main(int argc, char** argv) {
    using namespace families;
    if (argc > 1) wanted = argv[1];
    row<slots_net>("slot attention");
    row<transformer_net>("set transformer");
}
