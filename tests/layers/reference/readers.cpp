// Attention that binds a set to slots, and that reads from places.
#include <gtest/gtest.h>

#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/layers/attention/delf_pool.hpp>
#include <tessera/layers/attention/slot_attention.hpp>
#include <tessera/layers/attention/soft_attention.hpp>
#include <tessera/layers/attention/stacked_attention.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct slots
    : from<network<(slot_attention<3, 2, slots_of<6, 7>>), in<"input0", shape<5, 4>>, in<"input1", shape<3, 6>>>> {
    static constexpr const char* file = "slot_attention";
};
struct stacked : from<network<stacked_attention<3>, in<"input0", shape<2, 3, 5>>, in<"input1", shape<5>>>> {
    static constexpr const char* file = "stacked_attention_plain";
};
struct stacked_tanh
    : from<network<(stacked_attention<3, 2, tanh_scores>), in<"input0", shape<2, 3, 5>>, in<"input1", shape<5>>>> {
    static constexpr const char* file = "stacked_attention_tanh";
};
inline constexpr auto reads = [](value a, value h) {
    const values y = soft_attention_layer<3, with_gate>{}.apply(a, h);
    return y.count == 2 ? concatenate({y[0], y[1]}) : y[0];
};
struct soft : from<network<reads, in<"input0", shape<4, 5>>, in<"input1", shape<6>>>> {
    static constexpr const char* file = "soft_attention";
};
struct delf_paper : from<network<delf_pool<4>, shape<3, 2, 5>>> {
    static constexpr const char* file = "delf_pool_paper";
};
struct delf_code : from<network<(delf_pool<4, with_batch_norm, of_directions>), shape<3, 2, 5>>, phase::training> {
    static constexpr const char* file = "delf_pool_code";
};

using all = case_list<slots, stacked, stacked_tanh, soft, delf_paper, delf_code>;

}  // namespace cases

template <class> class reader_values : public testing::Test {};
TYPED_TEST_SUITE(reader_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(reader_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
