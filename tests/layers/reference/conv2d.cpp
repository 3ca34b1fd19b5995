// Convolutions along two axes.
#include <gtest/gtest.h>

#include <tessera/layers/conv.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct conv2d_asymmetric : from<network<(conv<6, 3, pad<2, 1>>), shape<8, 7, 4>>> {
    static constexpr const char* file = "conv2d_asymmetric";
};
struct conv2d_depthwise : from<network<(depthwise_conv<3>), shape<8, 7, 4>>> {
    static constexpr const char* file = "conv2d_depthwise";
};
struct conv2d_depthwise_multiplier2 : from<network<(depthwise_conv<3, 2>), shape<8, 7, 4>>> {
    static constexpr const char* file = "conv2d_depthwise_multiplier2";
};
struct conv2d_dilation2 : from<network<(conv<6, 3, dilation<2>>), shape<8, 7, 4>>> {
    static constexpr const char* file = "conv2d_dilation2";
};
struct conv2d_groups2 : from<network<(conv<6, 3, groups<2>>), shape<8, 7, 4>>> {
    static constexpr const char* file = "conv2d_groups2";
};
struct conv2d_no_bias : from<network<(conv<6, 3, no_bias>), shape<8, 7, 4>>> {
    static constexpr const char* file = "conv2d_no_bias";
};
struct conv2d_plain : from<network<(conv<6, 3>), shape<8, 7, 4>>> {
    static constexpr const char* file = "conv2d_plain";
};
struct conv2d_same : from<network<(conv<6, 3, same>), shape<8, 7, 4>>> {
    static constexpr const char* file = "conv2d_same";
};
struct conv2d_stride2 : from<network<(conv<6, 3, stride<2>>), shape<8, 7, 4>>> {
    static constexpr const char* file = "conv2d_stride2";
};
struct conv2d_tensorflow_same_stride2 : from<network<(conv<6, 3, stride<2>, same>), shape<8, 7, 4>>> {
    static constexpr const char* file = "conv2d_tensorflow_same_stride2";
};

using all =
    case_list<conv2d_asymmetric, conv2d_depthwise, conv2d_depthwise_multiplier2, conv2d_dilation2, conv2d_groups2,
              conv2d_no_bias, conv2d_plain, conv2d_same, conv2d_stride2, conv2d_tensorflow_same_stride2>;

}  // namespace cases

template <class> class conv2d_values : public testing::Test {};
TYPED_TEST_SUITE(conv2d_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(conv2d_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
