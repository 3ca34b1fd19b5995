// Lambda layers, and deformable convolutions.
#include <gtest/gtest.h>

#include <tessera/layers/attention/deformable_gate.hpp>
#include <tessera/layers/attention/lambda_convolution.hpp>
#include <tessera/network.hpp>

#include "../../network_facts.hpp"
#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct lambda_global : from<network<(lambda_attention<6, 2, 3, 2>), shape<3, 4, 5>>, phase::training> {
    static constexpr const char* file = "lambda_global";
};
struct lambda_sequence : from<network<(lambda_attention<6, 2, 3>), shape<5, 5>>, phase::training> {
    static constexpr const char* file = "lambda_sequence";
};
struct lambda_local : from<network<(lambda_convolution<6, 3, 2, 3, 2>), shape<4, 5, 5>>, phase::training> {
    static constexpr const char* file = "lambda_local";
};
struct deforms
    : from<network<(deformable_conv<4, 3, kernel<3, 2>, stride<1, 2>, pad<1>, dilation<2, 1>>),
                   in<"input0", shape<6, 7, 3>>, in<"input1", shape<4, 4, 12>>, in<"input2", shape<4, 4, 6>>>> {
    static constexpr const char* file = "deformable_conv";
};
struct deforms_modulated : from<network<(deformable_conv<3, 3, same, modulated>), shape<4, 5, 2>>> {
    static constexpr const char* file = "deformable_conv_modulated";
};
struct deforms_groups : from<network<(deformable_conv<2, 3, same, offset_groups<2>>), in<"input0", shape<5, 4, 6>>,
                                     in<"input1", shape<5, 4, 36>>, in<"input2", shape<5, 4, 18>>>> {
    static constexpr const char* file = "deformable_conv_groups";
};
struct gate : from<network<deformable_gate<>, shape<4, 5, 7>>> {
    static constexpr const char* file = "deformable_gate";
};

using all = case_list<lambda_global, lambda_sequence, lambda_local, deforms, deforms_modulated, deforms_groups, gate>;

}  // namespace cases

// a layer's own offsets, weighed, are as many times as many; groups divide the channels
struct own : network<(deformable_conv<4, 3, same, modulated, offset_groups<2>>), shape<5, 4, 6>> {};
static_assert(parameter_shape<own>("offset.weight") == (extents{3, 3, 6, 3 * 2 * 9}));
static_assert(mistake<deformable_conv<4, 3, offset_groups<4>>, 5, 4, 6>().expected.view() ==
              "channels divisible by 4 offset groups");

template <class> class lambda_values : public testing::Test {};
TYPED_TEST_SUITE(lambda_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(lambda_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
