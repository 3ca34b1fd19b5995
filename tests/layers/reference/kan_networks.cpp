// Convolutions of splines and of wavelets, the bottleneck, attention and focal modulation.
#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/layers/kan.hpp>
#include <tessera/network.hpp>

#include "../../reference/every_backend.hpp"

namespace {

using namespace tessera;
using reference::case_list;
using reference::from;

namespace cases {

using sampled_norm = normalised_by<instance_norm_with<no_affine>>;

struct zeros_in_front : from<network<(kan_conv<3, 3, b_spline<4>, stride<2, 1>, pad<1>>), shape<5, 4, 2>>> {
    static constexpr const char* file = "kan_conv_zeros_before";
};
struct zeros_behind : from<network<(kan_conv<3, 3, b_spline<4>, stride<2, 1>, pad<1>, zeros_after>), shape<5, 4, 2>>> {
    static constexpr const char* file = "kan_conv_zeros_after";
};
struct wavelets : from<network<(wavelet_conv<3, 3, mexican_hat, same, normalised_by<identity>>), shape<4, 3, 2>>> {
    static constexpr const char* file = "wavelet_conv";
};
struct bottleneck : from<network<(gram_bottleneck_conv<4, 3, 3, same>), shape<4, 5, 3>>> {
    static constexpr const char* file = "gram_bottleneck_conv";
};
struct attention : from<network<(kan_attention<gram_conv<4, 3, 3, same>, 4, sampled_norm>), shape<3, 4, 5>>> {
    static constexpr const char* file = "kan_attention";
    static constexpr double float_error = 3e-5;  // of the recurrence's gradient, whose terms cancel; 1e-11 in double
};
struct focal : from<network<gram_focal_modulation<2>, shape<5, 4, 3>>> {
    static constexpr const char* file = "gram_focal_modulation";
};

using all = case_list<zeros_in_front, zeros_behind, wavelets, bottleneck, attention, focal>;

}  // namespace cases

template <class> class kan_network_values : public testing::Test {};
TYPED_TEST_SUITE(kan_network_values, reference::on_every_backend<cases::all>, reference::name_of);

TYPED_TEST(kan_network_values, are_those_of_the_reference) { TypeParam::check(); }

}  // namespace
