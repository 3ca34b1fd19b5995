// Quantum circuits, mixtures of experts and codes.
#include <gtest/gtest.h>

#include <tessera/layers/structure/mixture_of_experts.hpp>
#include <tessera/layers/structure/quantum_ansatz.hpp>
#include <tessera/layers/structure/quantum_layer.hpp>
#include <tessera/layers/structure/vector_quantiser.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;
using reference::case_list;
using reference::from;

namespace cases {

struct quantum_bellman : from<network<quantum_layer<bellman<2>>, shape<3, 3>>> {
    static constexpr const char* file = "quantum_bellman";
};
struct quantum_uploads_y
    : from<network<quantum_layer<rotation_layers<1>, uploads<2>, angle_of<rotation_axis::y>>, shape<3, 2>>> {
    static constexpr const char* file = "quantum_uploads_y";
};
struct mixture_of_experts_one : from<network<mixture_of_experts<3, 5, capacity_factor<0.8>>, shape<7, 4>>> {
    static constexpr const char* file = "mixture_of_experts_one";
};
struct mixture_of_experts_two
    : from<network<mixture_of_experts<3, 5, experts_each<2>, capacity_factor<2>, over_chosen>, shape<7, 4>>> {
    static constexpr const char* file = "mixture_of_experts_two";
};
struct mixture_of_experts_two_crowded
    : from<network<mixture_of_experts<3, 5, experts_each<2>, capacity_factor<0.8>>, shape<7, 4>>> {
    static constexpr const char* file = "mixture_of_experts_two_crowded";
};
struct codes : from<network<vector_quantiser<5>, shape<4, 2>>> {
    static constexpr const char* file = "vector_quantiser";
};
struct codes_moving : from<network<vector_quantiser<5, moving_codes<0.75>, only_codes>, shape<4, 2>>, phase::training> {
    static constexpr const char* file = "vector_quantiser_moving";
};

using all = case_list<quantum_bellman, quantum_uploads_y, mixture_of_experts_one, mixture_of_experts_two,
                      mixture_of_experts_two_crowded, codes, codes_moving>;

}  // namespace cases

template <class> class structure_values : public testing::Test {};
TYPED_TEST_SUITE(structure_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(structure_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
