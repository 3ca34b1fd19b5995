// Normalisation; the batch norms on a batch of 4.
#include <gtest/gtest.h>

#include <tessera/layers/normalisation/batch_norm.hpp>
#include <tessera/layers/normalisation/group_norm.hpp>
#include <tessera/layers/normalisation/instance_norm.hpp>
#include <tessera/layers/normalisation/layer_norm.hpp>
#include <tessera/layers/normalisation/rms_norm.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct batch_norm_inference : from<network<batch_norm, shape<3, 2, 5>>> {
    static constexpr const char* file = "batch_norm_inference";
};
struct batch_norm_training : from<network<batch_norm, shape<3, 2, 5>>, phase::training> {
    static constexpr const char* file = "batch_norm_training";
};
struct group_norm_groups2 : from<network<group_norm<2>, shape<4, 3, 6>>> {
    static constexpr const char* file = "group_norm_groups2";
};
struct instance_norm : from<network<tessera::instance_norm, shape<4, 3, 5>>> {
    static constexpr const char* file = "instance_norm";
};
struct layer_norm_last_axis : from<network<layer_norm, shape<4, 6>>> {
    static constexpr const char* file = "layer_norm_last_axis";
};
struct layer_norm_last_two_axes : from<network<layer_norm_over<2>, shape<3, 4, 5>>> {
    static constexpr const char* file = "layer_norm_last_two_axes";
};
struct rms_norm : from<network<tessera::rms_norm, shape<4, 6>>> {
    static constexpr const char* file = "rms_norm";
};

using all = case_list<batch_norm_inference, batch_norm_training, group_norm_groups2, instance_norm,
                      layer_norm_last_axis, layer_norm_last_two_axes, rms_norm>;

}  // namespace cases

template <class> class normalisation_values : public testing::Test {};
TYPED_TEST_SUITE(normalisation_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(normalisation_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
