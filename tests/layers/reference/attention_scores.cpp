// Additive, local, linear and neural attention.
#include <gtest/gtest.h>

#include <tessera/layers/attention/additive_attention.hpp>
#include <tessera/layers/attention/linear_attention.hpp>
#include <tessera/layers/attention/local_attention.hpp>
#include <tessera/layers/attention/neural_attention.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct additive : from<network<additive_attention<6, with_bias>, in<"x", shape<4, 3>>, in<"c", shape<5, 4>>>> {
    static constexpr const char* file = "additive_attention";
};
struct additive_of_one : from<network<additive_attention<6>, in<"x", shape<3>>, in<"c", shape<5, 4>>>> {
    static constexpr const char* file = "additive_attention_one";
};
struct local : from<network<local_attention<2>, in<"x", shape<4, 3>>, in<"c", shape<6, 5>>>> {
    static constexpr const char* file = "local_attention";
};
struct local_predictive
    : from<network<local_attention<3, predictive, dot_score>, in<"x", shape<4, 3>>, in<"c", shape<7, 3>>>> {
    static constexpr const char* file = "local_attention_predictive";
};
struct linear : from<network<(linear_attention<2, with_bias, key_width<3, 2>>), shape<5, 4>>> {
    static constexpr const char* file = "linear_attention_plain";
};
struct linear_context
    : from<network<linear_attention<2, with_bias, key_width<3, 2>>, in<"x", shape<5, 4>>, in<"c", shape<3, 6>>>> {
    static constexpr const char* file = "linear_attention_context";
};
struct linear_causal : from<network<(linear_attention<2, with_bias, key_width<3, 2>, causal>), shape<5, 4>>> {
    static constexpr const char* file = "linear_attention_causal";
};
struct linear_in_turn : from<network<(linear_attention<2, with_bias, key_width<3, 2>, frame_by_frame>), shape<5, 4>>> {
    static constexpr const char* file = "linear_attention_causal";
};
struct neural : from<network<(neural_attention<2, 5>), shape<4, 6>>> {
    static constexpr const char* file = "neural_attention_plain";
};
struct neural_causal : from<network<(neural_attention<2, 5, causal>), shape<4, 6>>> {
    static constexpr const char* file = "neural_attention_causal";
};

using some = case_list<additive, additive_of_one, local, local_predictive, linear, linear_context, linear_causal,
                       neural, neural_causal>;

}  // namespace cases

template <class> class attention_score_values : public testing::Test {};
TYPED_TEST_SUITE(attention_score_values, reference::on_every_backend<cases::some>, reference::name_of);

TYPED_TEST(attention_score_values, are_those_of_the_reference) { TypeParam::check(); }

// the same numbers, place by place
template <class> class attention_in_turn_values : public testing::Test {};
TYPED_TEST_SUITE(attention_in_turn_values, reference::on_every_backend<case_list<cases::linear_in_turn>>,
                 reference::name_of);

TYPED_TEST(attention_in_turn_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
