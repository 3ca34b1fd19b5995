// Convolutions along three axes.
#include <gtest/gtest.h>

#include <tessera/layers/conv.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct conv3d_asymmetric : from<network<(conv<6, 3, pad<2, 1>>), shape<6, 5, 6, 4>>> {
    static constexpr const char* file = "conv3d_asymmetric";
};
struct conv3d_depthwise : from<network<(depthwise_conv<3>), shape<6, 5, 6, 4>>> {
    static constexpr const char* file = "conv3d_depthwise";
};
struct conv3d_depthwise_multiplier2 : from<network<(depthwise_conv<3, 2>), shape<6, 5, 6, 4>>> {
    static constexpr const char* file = "conv3d_depthwise_multiplier2";
};
struct conv3d_dilation2 : from<network<(conv<6, 3, dilation<2>>), shape<6, 5, 6, 4>>> {
    static constexpr const char* file = "conv3d_dilation2";
};
struct conv3d_groups2 : from<network<(conv<6, 3, groups<2>>), shape<6, 5, 6, 4>>> {
    static constexpr const char* file = "conv3d_groups2";
};
struct conv3d_no_bias : from<network<(conv<6, 3, no_bias>), shape<6, 5, 6, 4>>> {
    static constexpr const char* file = "conv3d_no_bias";
};
struct conv3d_plain : from<network<(conv<6, 3>), shape<6, 5, 6, 4>>> {
    static constexpr const char* file = "conv3d_plain";
};
struct conv3d_same : from<network<(conv<6, 3, same>), shape<6, 5, 6, 4>>> {
    static constexpr const char* file = "conv3d_same";
};
struct conv3d_stride2 : from<network<(conv<6, 3, stride<2>>), shape<6, 5, 6, 4>>> {
    static constexpr const char* file = "conv3d_stride2";
};
struct conv3d_tensorflow_same_stride2 : from<network<(conv<6, 3, stride<2>, same>), shape<6, 5, 6, 4>>> {
    static constexpr const char* file = "conv3d_tensorflow_same_stride2";
};

using all =
    case_list<conv3d_asymmetric, conv3d_depthwise, conv3d_depthwise_multiplier2, conv3d_dilation2, conv3d_groups2,
              conv3d_no_bias, conv3d_plain, conv3d_same, conv3d_stride2, conv3d_tensorflow_same_stride2>;

}  // namespace cases

template <class> class conv3d_values : public testing::Test {};
TYPED_TEST_SUITE(conv3d_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(conv3d_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
