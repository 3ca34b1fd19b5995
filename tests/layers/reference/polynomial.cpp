// Networks of products.
#include <gtest/gtest.h>

#include <tessera/layers/polynomial.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

struct spatial_shift_8 : from<network<(spatial_shift), shape<4, 3, 8>>> {
    static constexpr const char* file = "spatial_shift_8";
};
struct spatial_shift_6 : from<network<(spatial_shift), shape<4, 3, 6>>> {
    static constexpr const char* file = "spatial_shift_6";
};
struct mu_layer_plain : from<network<(mu_layer<12, shrink<4>>), shape<3, 4, 5>>> {
    static constexpr const char* file = "mu_layer_plain";
};
struct mu_layer_shifted : from<network<(mu_layer<12, shrink<4>, spatially_shifted>), shape<3, 4, 5>>> {
    static constexpr const char* file = "mu_layer_shifted";
};
struct mu_layer_without_norms : from<network<(mu_layer<12, shrink<4>, without_norms>), shape<3, 4, 5>>> {
    static constexpr const char* file = "mu_layer_without_norms";
};
struct poly_block : from<network<(tessera::poly_block<2, shrink<2>>), shape<3, 4, 6>>> {
    static constexpr const char* file = "poly_block";
};
struct cp_product : from<network<(tessera::cp_product<3, 3, 4>), shape<2, 5>>> {
    static constexpr const char* file = "cp_product";
};
struct ccp_product : from<network<(tessera::ccp_product<3, 3, 4>), shape<2, 5>>> {
    static constexpr const char* file = "ccp_product";
};
struct ncp_product : from<network<(tessera::ncp_product<3, 3, 4>), shape<2, 5>>> {
    static constexpr const char* file = "ncp_product";
};
struct gated_perceptron_5 : from<network<(gated_perceptron<2>), shape<3, 5>>> {
    static constexpr const char* file = "gated_perceptron_5";
};
struct gated_perceptron_8 : from<network<(gated_perceptron<2>), shape<3, 8>>> {
    static constexpr const char* file = "gated_perceptron_8";
};
struct quadratic_dense : from<network<(tessera::quadratic_dense<4>), shape<3, 5>>> {
    static constexpr const char* file = "quadratic_dense";
};

using all =
    case_list<spatial_shift_8, spatial_shift_6, mu_layer_plain, mu_layer_shifted, mu_layer_without_norms, poly_block,
              cp_product, ccp_product, ncp_product, gated_perceptron_5, gated_perceptron_8, quadratic_dense>;

}  // namespace cases

template <class> class polynomial_values : public testing::Test {};
TYPED_TEST_SUITE(polynomial_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(polynomial_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
