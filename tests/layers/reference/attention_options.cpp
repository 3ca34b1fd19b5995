// Options of multi_head_attention.
#include <gtest/gtest.h>

#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct relative : from<network<(multi_head_attention<2, relative_bias>), shape<5, 6>>> {
    static constexpr const char* file = "multi_head_attention_relative";
};
struct relative_context
    : from<network<multi_head_attention<2, relative_bias, with_bias>, in<"x", shape<4, 6>>, in<"c", shape<3, 5>>>> {
    static constexpr const char* file = "multi_head_attention_relative_context";
};
struct relative_causal
    : from<network<multi_head_attention<2, relative_bias, causal>, in<"x", shape<3, 6>>, in<"c", shape<5, 5>>>> {
    static constexpr const char* file = "multi_head_attention_relative_causal";
};
struct rotary_neighbours : from<network<(multi_head_attention<2, rotary, with_bias>), shape<5, 8>>> {
    static constexpr const char* file = "multi_head_attention_rotary";
};
struct rotary_in_halves
    : from<network<multi_head_attention<2, rotary_halves, causal>, in<"x", shape<3, 8>>, in<"c", shape<5, 5>>>> {
    static constexpr const char* file = "multi_head_attention_rotary_halves";
};
struct masked : from<network<multi_head_attention<2, with_mask>, in<"x", shape<3, 6>>, in<"mask", shape<3>>>> {
    static constexpr const char* file = "multi_head_attention_masked";
};
struct masked_pairs : from<network<multi_head_attention<2, with_mask, relative_bias, with_bias>, in<"x", shape<3, 6>>,
                                   in<"c", shape<4, 5>>, in<"mask", shape<3, 4>>>> {
    static constexpr const char* file = "multi_head_attention_masked_pairs";
};
struct width_of_keys : from<network<multi_head_attention<4, key_width<2, 3>>, in<"q", shape<3, 6>>,
                                    in<"k", shape<4, 5>>, in<"v", shape<4, 3>>>> {
    static constexpr const char* file = "multi_head_attention_key_width";
};

using some = case_list<relative, relative_context, relative_causal, rotary_neighbours, rotary_in_halves, masked,
                       masked_pairs, width_of_keys>;

}  // namespace cases

template <class> class attention_option_values : public testing::Test {};
TYPED_TEST_SUITE(attention_option_values, reference::on_every_backend<cases::some>, reference::name_of);

TYPED_TEST(attention_option_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
