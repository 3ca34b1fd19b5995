// Weights and features of few values, and the gradients that are given to them.
#include <gtest/gtest.h>

#include <tessera/layers/binary.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct binary_dense : from<network<(tessera::binary_dense<4>), shape<3, 7>>> {
    static constexpr const char* file = "binary_dense";
};
struct binary_conv : from<network<(tessera::binary_conv<4, 3, pad<1>, groups<2>>), shape<5, 4, 6>>> {
    static constexpr const char* file = "binary_conv";
};
struct ternary_dense : from<network<(tessera::ternary_dense<4>), shape<3, 7>>> {
    static constexpr const char* file = "ternary_dense";
};
struct ternary_conv : from<network<(tessera::ternary_conv<4, 3, pad<1>, groups<2>>), shape<5, 4, 6>>> {
    static constexpr const char* file = "ternary_conv";
};
struct xnor_dense : from<network<(tessera::xnor_dense<4>), shape<3, 37>>> {
    static constexpr const char* file = "xnor_dense";
};
struct xnor_dense_scaled : from<network<(tessera::xnor_dense<4, input_scale>), shape<3, 37>>> {
    static constexpr const char* file = "xnor_dense_scaled";
};
struct xnor_conv_valid : from<network<(xnor_conv<2, 3>), shape<5, 4, 3>>> {
    static constexpr const char* file = "xnor_conv_valid";
};
struct xnor_conv_same : from<network<(xnor_conv<2, 3, same, input_scale>), shape<5, 4, 3>>> {
    static constexpr const char* file = "xnor_conv_same";
};
struct xnor_conv_words : from<network<(xnor_conv<2, 3, pad<1>, stride<2>, input_scale>), shape<5, 4, 32>>> {
    static constexpr const char* file = "xnor_conv_words";
};
struct bit_plane_dense_4 : from<network<(bit_plane_dense<3, 4>), shape<5, 6>>> {
    static constexpr const char* file = "bit_plane_dense_4";
};
struct bit_plane_dense_2 : from<network<(bit_plane_dense<3, 4, trained_planes<2>>), shape<5, 6>>> {
    static constexpr const char* file = "bit_plane_dense_2";
};
struct bit_plane_conv_3
    : from<network<(bit_plane_conv<6, 3, 4, trained_planes<3>, stride<1, 2>, pad<1>, groups<2>>), shape<4, 5, 4>>> {
    static constexpr const char* file = "bit_plane_conv";
};

using all =
    case_list<binary_dense, binary_conv, ternary_dense, ternary_conv, xnor_dense, xnor_dense_scaled, xnor_conv_valid,
              xnor_conv_same, xnor_conv_words, bit_plane_dense_4, bit_plane_dense_2, bit_plane_conv_3>;

}  // namespace cases

template <class> class binary_values : public testing::Test {};
TYPED_TEST_SUITE(binary_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(binary_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
