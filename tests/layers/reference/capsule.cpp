// Capsules.
#include <gtest/gtest.h>

#include <tessera/layers/capsule.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct capsule_squash : from<network<(squash), shape<5, 3>>> {
    static constexpr const char* file = "capsule_squash";
};
struct capsule_routing_plain : from<network<(capsule_routing<3>), shape<7, 3, 4>>> {
    static constexpr const char* file = "capsule_routing_plain";
};
struct capsule_routing_capsule_bias : from<network<(capsule_routing<3, capsule_bias>), shape<7, 3, 4>>> {
    static constexpr const char* file = "capsule_routing_capsule_bias";
};
struct capsule_routing_leaky : from<network<(capsule_routing<3, leaky_routing>), shape<7, 3, 4>>> {
    static constexpr const char* file = "capsule_routing_leaky";
};
struct capsule_routing_last_round_gradient : from<network<(capsule_routing<3, last_round_gradient>), shape<7, 3, 4>>> {
    static constexpr const char* file = "capsule_routing_last_round_gradient";
};
struct capsule_routing_one_round : from<network<(capsule_routing<1>), shape<7, 3, 4>>> {
    static constexpr const char* file = "capsule_routing_one_round";
};
struct capsule_dense : from<network<(tessera::capsule_dense<3, 4, 2>), shape<6, 2>>> {
    static constexpr const char* file = "capsule_dense";
};
struct capsule_primary_plain : from<network<(primary_capsules<3, 4, 3, 2>), shape<7, 5, 2>>> {
    static constexpr const char* file = "capsule_primary_plain";
};
struct capsule_primary_relu : from<network<(primary_capsules<3, 4, 3, 2, relu_before_squash>), shape<7, 5, 2>>> {
    static constexpr const char* file = "capsule_primary_relu";
};
struct capsule_primary_shared_votes : from<network<(primary_capsules<3, 4, 3, 2, shared_votes>), shape<7, 5, 2>>> {
    static constexpr const char* file = "capsule_primary_shared_votes";
};

using all = case_list<capsule_squash, capsule_routing_plain, capsule_routing_capsule_bias, capsule_routing_leaky,
                      capsule_routing_last_round_gradient, capsule_routing_one_round, capsule_dense,
                      capsule_primary_plain, capsule_primary_relu, capsule_primary_shared_votes>;

}  // namespace cases

template <class> class capsule_values : public testing::Test {};
TYPED_TEST_SUITE(capsule_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(capsule_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
