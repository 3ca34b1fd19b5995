// Convolutional blocks: shapes, parameters, the forms that are equal, gradients.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/layers/activation/hard_swish.hpp>
#include <tessera/layers/activation/sigmoid.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/mixing/aggregated_block.hpp>
#include <tessera/layers/mixing/depthwise_separable.hpp>
#include <tessera/layers/mixing/inverted_residual.hpp>
#include <tessera/layers/mixing/residual_adapter.hpp>
#include <tessera/layers/pooling/global_avg_pool.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradient_check.hpp>
#include <vector>

#include "../../expect_near.hpp"
#include "../../network_facts.hpp"
#include "../../waves.hpp"

namespace {

using namespace tessera;
using numbers = std::vector<double>;

template <auto Layer, int Channels> struct on_image : network<Layer, shape<5, 5, Channels>> {};

// --- shapes and parameters

using separable = on_image<depthwise_separable<6, 3, 2>, 4>;
static_assert(output_shape<separable> == (extents{3, 3, 6}));
static_assert(separable::parameter_count == 9 * 4 + 2 * 4 + 4 * 6 + 2 * 6);
static_assert(separable::macs == 9.0 * 4 * (9 + 6));
static_assert(paths_are<separable>({"depthwise.weight", "depthwise_norm.weight", "depthwise_norm.bias",
                                    "pointwise.weight", "pointwise_norm.weight", "pointwise_norm.bias"}));
// 1 / C + 1 / K^2 of a convolution
using dense_conv = on_image<conv<6, 3, stride<2>, pad<1>, no_bias>, 4>;
static_assert(separable::macs * 6 * 9 == dense_conv::macs * (6 + 9));
static_assert(output_shape<network<depthwise_separable<2, 3, 2, same>, shape<7, 3>>> == (extents{4, 2}));

using widened = on_image<inverted_residual<3, 4>, 4>;
static_assert(output_shape<widened> == (extents{5, 5, 4}));
static_assert(widened::parameter_count == (4 * 12 + 2 * 12) + (9 * 12 + 2 * 12) + (12 * 4 + 2 * 4));
static_assert(widened::macs == 25.0 * 12 * (4 + 9 + 4));
static_assert(on_image<inverted_residual<1, 4>, 4>::parameter_count == (9 * 4 + 2 * 4) + (4 * 4 + 2 * 4));
static_assert(output_shape<on_image<inverted_residual<2, 3, 5, 2>, 4>> == (extents{3, 3, 3}));

inline constexpr auto gate = global_avg_pool >> dense<2> >> layer<tanh> >> dense<7>;
inline constexpr auto gated = [](value x) { return x * sigmoid(gate(x)); };
struct version_3
    : network<inverted_residual<2, 4, 3, 1, expanded<7>, excited_by<gated>, activated_by<hard_swish>>, shape<5, 5, 4>> {
};
static_assert(version_3::parameter_count == (4 * 7 + 14) + (9 * 7 + 14) + (7 * 2 + 2 + 2 * 7 + 7) + (7 * 4 + 8));

// branches that change extents have nothing beside them
static_assert(count_of<on_image<inverted_residual<1, 4, 3, 2>, 4>>(op::convolution) == 2);
static_assert(parameter_shape<version_3>("project.weight") == (extents{1, 1, 7, 4}));

using in_groups = on_image<aggregated_block<6, 4, 3, 2>, 5>;
using beside = on_image<aggregated_block<6, 4, 3, 2, paths_side_by_side>, 5>;
using added = on_image<aggregated_block<6, 4, 3, 2, paths_added>, 5>;
static_assert(output_shape<in_groups> == (extents{3, 3, 6}) && output_shape<beside> == output_shape<added>);
static_assert(in_groups::parameter_count == (5 * 12 + 24) + (9 * 3 * 12 + 24) + (12 * 6 + 12) + (5 * 6 + 12));
static_assert(in_groups::parameter_count == beside::parameter_count &&
              in_groups::parameter_count == added::parameter_count);
static_assert(in_groups::macs == beside::macs && in_groups::macs == added::macs);
static_assert(on_image<aggregated_block<5, 2, 2>, 5>::parameter_count ==
              (5 * 4 + 8) + (9 * 2 * 4 + 8) + (4 * 5 + 10));  // no shortcut

using series = on_image<residual_adapter<4>, 4>;
using beside_it = on_image<residual_adapter<6, 3, 2, in_parallel>, 4>;
using shared_alone = on_image<residual_adapter<4, 3, 1, without_adapter>, 4>;
static_assert(series::parameter_count == 9 * 4 * 4 + 8 + 4 * 4 + 8 && output_shape<series> == (extents{5, 5, 4}));
static_assert(beside_it::parameter_count == 9 * 4 * 6 + 4 * 6 + 12 && output_shape<beside_it> == (extents{3, 3, 6}));
static_assert(shared_alone::parameter_count == 9 * 4 * 4 + 8);

static_assert(mistake<depthwise_separable<3>, 5>().expected.view() == "(spatial..., channels), rank 2 to 4");
static_assert(mistake<inverted_residual<2, 3>, 5>().expected.view() == "(spatial..., channels), rank 2 to 4");
static_assert(mistake<residual_adapter<3>, 5>().expected.view() == "(spatial..., channels), rank 2 to 4");
static_assert(mistake<aggregated_block<4, 2, 2>, 5, 5>().expected.view() == "an image (height, width, channels)");

// --- the three forms of an aggregated block

template <class Net, class Backend> struct filled {
    model<Net, Backend, batch<2>, double> m;
    numbers operator()(const numbers& x) {
        const auto y = m(x);
        return {y.begin(), y.end()};
    }
};

constexpr std::size_t paths = 4, width = 3, results = 6;
// rows of `wide` numbers, of which path i has its part
numbers columns_of(std::span<const double> rows, std::size_t i) {
    numbers part;
    for (std::size_t k = i * width; k < rows.size(); k += paths * width)
        part.insert(part.end(), rows.begin() + static_cast<std::ptrdiff_t>(k),
                    rows.begin() + static_cast<std::ptrdiff_t>(k + width));
    return part;
}
template <class To> void put(To to, const numbers& what) {
    ASSERT_EQ(to.size(), what.size());
    std::ranges::copy(what, to.begin());
}

template <class Backend> struct aggregated : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(aggregated, backends);

TYPED_TEST(aggregated, three_forms_are_equal) {
    filled<in_groups, TypeParam> whole;
    filled<beside, TypeParam> side;
    filled<added, TypeParam> sum;
    put(whole.m.parameters(), waves(whole.m.parameters().size()));
    put(whole.m.states(), numbers(whole.m.states().size(), 0.8));
    const auto shared = [&](const char* name) {
        const auto from = whole.m.parameter(name);
        const numbers copy(from.begin(), from.end());
        put(side.m.parameter(name), copy);
        put(sum.m.parameter(name), copy);
    };
    for (const char* name :
         {"norm3.weight", "norm3.bias", "shortcut.weight", "shortcut_norm.weight", "shortcut_norm.bias"})
        shared(name);
    put(side.m.states(), numbers(side.m.states().size(), 0.8));
    put(sum.m.states(), numbers(sum.m.states().size(), 0.8));
    const auto third = whole.m.parameter("conv3.weight");  // (1, 1, paths width, results)
    put(side.m.parameter("conv3.weight"), {third.begin(), third.end()});
    for (std::size_t i = 0; i < paths; ++i) {
        const std::string path = "paths." + std::to_string(i) + ".";
        for (const char* name :
             {"conv1.weight", "norm1.weight", "norm1.bias", "conv2.weight", "norm2.weight", "norm2.bias"}) {
            const numbers part = columns_of(whole.m.parameter(name), i);
            put(side.m.parameter(path + name), part);
            put(sum.m.parameter(path + name), part);
        }
        const auto rows = third.subspan(i * width * results, width * results);
        put(sum.m.parameter(path + "conv3.weight"), {rows.begin(), rows.end()});
    }
    const numbers x = waves(2 * 5 * 5 * 5, 1.1), y = whole(x);
    expect_near(y, side(x));
    expect_near(y, sum(x));
    EXPECT_GT(*std::ranges::max_element(y), 0.1);
}

TYPED_TEST(aggregated, zero_adapters_change_nothing) {
    const numbers x = waves(2 * 5 * 5 * 4);
    filled<series, TypeParam> adapted;
    filled<shared_alone, TypeParam> plain;
    for (const char* name : {"shared.weight", "norm.weight", "norm.bias"}) {
        const numbers w = waves(adapted.m.parameter(name).size());
        put(adapted.m.parameter(name), w);
        put(plain.m.parameter(name), w);
    }
    std::ranges::fill(adapted.m.parameter("adapter.weight"), 0.0);
    expect_near(plain(x), adapted(x));
}

// --- gradients: batch norms as in training

using of_stride = on_image<inverted_residual<2, 3, 3, 2, same>, 2>;
using in_training = on_image<aggregated_block<3, 2, 2>, 3>;
TEST(convolutional_blocks, gradients_are_exact) {
    EXPECT_LT(gradient_check<separable>().error, 1e-6);
    EXPECT_LT(gradient_check<of_stride>().error, 1e-6);
    EXPECT_LT(gradient_check<version_3>().error, 1e-6);
    EXPECT_LT(gradient_check<in_training>().error, 1e-6);
    EXPECT_LT(gradient_check<series>().error, 1e-6);
    EXPECT_LT(gradient_check<beside_it>().error, 1e-6);
}

}  // namespace
