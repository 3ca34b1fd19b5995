// Circuits, experts and codes at 784 places of 32 samples: see families.hpp, and structure.py beside it.
//
//     bench_layers_families_structure [<part of a row's name>]
#include <tessera/layers/structure/mixture_of_experts.hpp>
#include <tessera/layers/structure/quantum_ansatz.hpp>
#include <tessera/layers/structure/quantum_layer.hpp>
#include <tessera/layers/structure/vector_quantiser.hpp>

#include "families.hpp"

namespace {

using namespace tessera;

struct circuit_net : network<quantum_layer<bellman<2>>, shape<784, 4>> {};
struct experts_net : network<mixture_of_experts<4, 32>, shape<784, 16>> {};
struct codes_net : network<vector_quantiser<64, only_codes>, shape<784, 16>> {};

}  // namespace

int main(int argc, char** argv) {
    using namespace families;
    if (argc > 1) wanted = argv[1];
    row<circuit_net>("circuit of 4 qubits");
    row<experts_net>("experts, 1 of 4");
    row<codes_net>("vector quantiser");
}
