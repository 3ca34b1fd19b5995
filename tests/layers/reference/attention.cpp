// Attention.
#include <gtest/gtest.h>

#include <tessera/layers/attention/multi_head_attention.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;
using reference::case_list;
using reference::from;

namespace cases {

struct multi_head_attention_bias : from<network<(multi_head_attention<4, with_bias>), shape<5, 8>>> {
    static constexpr const char* file = "multi_head_attention_bias";
};
struct multi_head_attention_causal : from<network<(multi_head_attention<4, causal>), shape<5, 8>>> {
    static constexpr const char* file = "multi_head_attention_causal";
};
struct multi_head_attention_causal_bias : from<network<(multi_head_attention<4, causal, with_bias>), shape<5, 8>>> {
    static constexpr const char* file = "multi_head_attention_causal_bias";
};
struct multi_head_attention_cross
    : from<network<(multi_head_attention<4, with_bias>), in<"input0", shape<5, 8>>, in<"input1", shape<3, 8>>>> {
    static constexpr const char* file = "multi_head_attention_cross";
};
struct multi_head_attention_plain : from<network<multi_head_attention<4>, shape<5, 8>>> {
    static constexpr const char* file = "multi_head_attention_plain";
};

using all = case_list<multi_head_attention_bias, multi_head_attention_causal, multi_head_attention_causal_bias,
                      multi_head_attention_cross, multi_head_attention_plain>;

}  // namespace cases

template <class> class attention_values : public testing::Test {};
TYPED_TEST_SUITE(attention_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(attention_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
