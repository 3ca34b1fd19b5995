// Convolutions along one axis.
#include <gtest/gtest.h>

#include <tessera/layers/conv.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct conv1d_asymmetric : from<network<(conv<6, 3, pad<2, 1>>), shape<8, 4>>> {
    static constexpr const char* file = "conv1d_asymmetric";
};
struct conv1d_depthwise : from<network<(depthwise_conv<3>), shape<8, 4>>> {
    static constexpr const char* file = "conv1d_depthwise";
};
struct conv1d_depthwise_multiplier2 : from<network<(depthwise_conv<3, 2>), shape<8, 4>>> {
    static constexpr const char* file = "conv1d_depthwise_multiplier2";
};
struct conv1d_dilation2 : from<network<(conv<6, 3, dilation<2>>), shape<8, 4>>> {
    static constexpr const char* file = "conv1d_dilation2";
};
struct conv1d_groups2 : from<network<(conv<6, 3, groups<2>>), shape<8, 4>>> {
    static constexpr const char* file = "conv1d_groups2";
};
struct conv1d_no_bias : from<network<(conv<6, 3, no_bias>), shape<8, 4>>> {
    static constexpr const char* file = "conv1d_no_bias";
};
struct conv1d_plain : from<network<(conv<6, 3>), shape<8, 4>>> {
    static constexpr const char* file = "conv1d_plain";
};
struct conv1d_same : from<network<(conv<6, 3, same>), shape<8, 4>>> {
    static constexpr const char* file = "conv1d_same";
};
struct conv1d_stride2 : from<network<(conv<6, 3, stride<2>>), shape<8, 4>>> {
    static constexpr const char* file = "conv1d_stride2";
};
struct conv1d_tensorflow_same_stride2 : from<network<(conv<6, 3, stride<2>, same>), shape<8, 4>>> {
    static constexpr const char* file = "conv1d_tensorflow_same_stride2";
};

using all =
    case_list<conv1d_asymmetric, conv1d_depthwise, conv1d_depthwise_multiplier2, conv1d_dilation2, conv1d_groups2,
              conv1d_no_bias, conv1d_plain, conv1d_same, conv1d_stride2, conv1d_tensorflow_same_stride2>;

}  // namespace cases

template <class> class conv1d_values : public testing::Test {};
TYPED_TEST_SUITE(conv1d_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(conv1d_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
