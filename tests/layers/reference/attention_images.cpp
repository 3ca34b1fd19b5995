// Attention within images.
#include <gtest/gtest.h>

#include <tessera/layers/attention/levit_attention.hpp>
#include <tessera/layers/attention/windowed_attention.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct levit : from<network<levit_attention<3, 2>, shape<3, 4, 6>>> {
    static constexpr const char* file = "levit_attention";
};
struct levit_trained : from<network<levit_attention<3, 2>, shape<3, 4, 6>>, phase::training> {
    static constexpr const char* file = "levit_attention_training";
};
struct shrinking : from<network<levit_shrink<5, 3, 2>, shape<5, 4, 6>>> {
    static constexpr const char* file = "levit_shrink";
};
struct shrinking_trained : from<network<levit_shrink<5, 3, 2>, shape<5, 4, 6>>, phase::training> {
    static constexpr const char* file = "levit_shrink_training";
};
struct windows : from<network<windowed_attention<2, 2>, shape<4, 6, 4>>> {
    static constexpr const char* file = "windowed_attention_plain";
};
struct shifted_windows : from<network<(windowed_attention<3, 2, shifted<1>, with_bias>), shape<6, 3, 4>>> {
    static constexpr const char* file = "windowed_attention_shifted";
};

struct sequence_windows : from<network<(windowed_attention<3, 2, shifted<2>, with_bias>), shape<9, 4>>> {
    static constexpr const char* file = "windowed_attention_sequence";
};

using some = case_list<levit, levit_trained, shrinking, shrinking_trained, windows, shifted_windows, sequence_windows>;

}  // namespace cases

template <class> class attention_image_values : public testing::Test {};
TYPED_TEST_SUITE(attention_image_values, reference::on_every_backend<cases::some>, reference::name_of);

TYPED_TEST(attention_image_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
