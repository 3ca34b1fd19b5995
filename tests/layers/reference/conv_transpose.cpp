// Transposed convolutions.
#include <gtest/gtest.h>

#include <tessera/layers/conv_transpose.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct conv_transpose1d_no_bias
    : from<network<(conv_transpose<6, 3, stride<2>, pad<1>, output_pad<1>, no_bias>), shape<5, 4>>> {
    static constexpr const char* file = "conv_transpose1d_no_bias";
};
struct conv_transpose1d_plain : from<network<(conv_transpose<6, 3>), shape<5, 4>>> {
    static constexpr const char* file = "conv_transpose1d_plain";
};
struct conv_transpose1d_stride2 : from<network<(conv_transpose<6, 3, stride<2>>), shape<5, 4>>> {
    static constexpr const char* file = "conv_transpose1d_stride2";
};
struct conv_transpose1d_stride2_pad1_output_pad1
    : from<network<(conv_transpose<6, 3, stride<2>, pad<1>, output_pad<1>>), shape<5, 4>>> {
    static constexpr const char* file = "conv_transpose1d_stride2_pad1_output_pad1";
};
struct conv_transpose2d_no_bias
    : from<network<(conv_transpose<6, 3, stride<2>, pad<1>, output_pad<1>, no_bias>), shape<5, 4, 4>>> {
    static constexpr const char* file = "conv_transpose2d_no_bias";
};
struct conv_transpose2d_plain : from<network<(conv_transpose<6, 3>), shape<5, 4, 4>>> {
    static constexpr const char* file = "conv_transpose2d_plain";
};
struct conv_transpose2d_stride2 : from<network<(conv_transpose<6, 3, stride<2>>), shape<5, 4, 4>>> {
    static constexpr const char* file = "conv_transpose2d_stride2";
};
struct conv_transpose2d_stride2_pad1_output_pad1
    : from<network<(conv_transpose<6, 3, stride<2>, pad<1>, output_pad<1>>), shape<5, 4, 4>>> {
    static constexpr const char* file = "conv_transpose2d_stride2_pad1_output_pad1";
};

using all = case_list<conv_transpose1d_no_bias, conv_transpose1d_plain, conv_transpose1d_stride2,
                      conv_transpose1d_stride2_pad1_output_pad1, conv_transpose2d_no_bias, conv_transpose2d_plain,
                      conv_transpose2d_stride2, conv_transpose2d_stride2_pad1_output_pad1>;

}  // namespace cases

template <class> class conv_transpose_values : public testing::Test {};
TYPED_TEST_SUITE(conv_transpose_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(conv_transpose_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
