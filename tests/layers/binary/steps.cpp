// Weights and features of few values: laws of signs, the bits of folded models, extents and parameters.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/folded.hpp>
#include <tessera/layers/binary.hpp>
#include <tessera/layers/flatten.hpp>
#include <vector>

#include "../../network_facts.hpp"
#include "../evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

// --- signs

TEST(binarise, is_a_sign_of_0_too_and_straight_through_inside) {
    evaluation<network<binarise, shape<7>>> e;
    e.input() = {-2, -1, -0.5, 0, 0.99, 1, 3};
    e.seed() = {1, 2, 3, 4, 5, 6, 7};
    e.run();
    EXPECT_EQ(e.output(), (numbers{-1, -1, -1, 1, 1, 1, 1}));
    EXPECT_EQ(e.input_gradient(), (numbers{0, 0, 3, 4, 5, 0, 0}));
}

// alpha sign(w) is the nearest of all such vectors
TEST(binary_dense, has_the_scale_and_the_signs_that_lie_nearest) {
    evaluation<network<binary_dense<1>, shape<4>>> e(phase::inference, 4);
    e.parameter("weight") = {1, -2, 3, -4};
    for (std::size_t i = 0; i < 4; ++i) e.input()[5 * i] = 1;
    e.run();
    EXPECT_EQ(e.output(), (numbers{2.5, -2.5, 2.5, -2.5}));
    const double w[] = {1, -2, 3, -4};
    double least = 1e9;
    for (unsigned signs = 0; signs < 16; ++signs) {
        double dot = 0, squares = 0;
        for (unsigned i = 0; i < 4; ++i) {
            dot += (signs >> i & 1u) != 0 ? -w[i] : w[i];
            squares += w[i] * w[i];
        }
        least = std::min(least, squares - dot * dot / 4);  // of the best alpha, dot / 4
    }
    double residual = 0;
    for (std::size_t i = 0; i < 4; ++i) residual += std::pow(w[i] - e.output()[i], 2);
    EXPECT_DOUBLE_EQ(residual, 5);
    EXPECT_DOUBLE_EQ(least, residual);
}
TEST(ternary_dense, leaves_small_weights_out) {
    evaluation<network<ternary_dense<1>, shape<4>>> e(phase::inference, 4);
    e.parameter("weight") = {0.1, -2, 3, -0.5};  // 0.7 of their mean size is 0.98
    for (std::size_t i = 0; i < 4; ++i) e.input()[5 * i] = 1;
    e.run();
    EXPECT_EQ(e.output(), (numbers{0, -2.5, 2.5, 0}));
}
TEST(stepped_weights, that_are_all_0_make_no_infinity) {
    evaluation<network<(binary_dense<2> >> ternary_dense<2>), shape<3>>> e;
    e.input() = {1, 2, 3};
    e.parameter("0.weight") = numbers(6, 0);
    e.parameter("1.weight") = numbers(4, 0);
    e.run();
    EXPECT_EQ(e.output(), (numbers{0, 0}));
    for (double d : e.gradient("0.weight")) EXPECT_TRUE(std::isfinite(d));
    for (double d : e.gradient("1.weight")) EXPECT_TRUE(std::isfinite(d));
}

// --- bit planes

TEST(bit_plane_dense, has_as_many_values_as_its_bits_and_sign_tell_apart) {
    // a weight for each pattern of 3 bits and a sign, read one by one
    evaluation<network<bit_plane_dense<16, 3, no_bias>, shape<1>>> e;
    for (unsigned n = 0; n < 16; ++n) {
        for (unsigned p = 0; p < 3; ++p) e.parameter("planes")[p * 16 + n] = (n >> p & 1u) != 0 ? 0.7 : -0.3;
        e.parameter("signs")[n] = n < 8 ? -1 : 2;
    }
    e.input() = {1};
    e.run();
    std::set<double> values(e.output().begin(), e.output().end());
    EXPECT_EQ(values.size(), 15U);                                        // 2^4 - 1: zero has no sign
    EXPECT_EQ(std::count(e.output().begin(), e.output().end(), 0.0), 2);  // 2^-3 of them
    for (unsigned n = 0; n < 8; ++n) EXPECT_DOUBLE_EQ(e.output()[n], -e.output()[n + 8]);
    EXPECT_DOUBLE_EQ(e.output()[5], 5 * e.output()[1]);
    double squares = 0;
    for (double w : e.output()) squares += w * w;
    EXPECT_NEAR(squares / 16, 2, 1e-12);  // the deviation is sqrt(2 / fan_in), their mean 0
}
TEST(bit_plane_dense, trains_no_plane_below_those_that_it_is_told) {
    evaluation<network<bit_plane_dense<2, 3, trained_planes<1>>, shape<2>>> e;
    e.parameter("planes") = {1, -1, 1, 1};
    e.parameter("fixed_planes") = {1, 1, -1, 1, 1, -1, 1, -1};
    e.parameter("signs") = {-1, 1, -1, 1};
    e.input() = {1, 2};
    e.run();
    for (double d : e.gradient("fixed_planes")) EXPECT_EQ(d, 0);
    for (double d : e.gradient("planes")) EXPECT_NE(d, 0);
    for (double d : e.gradient("signs")) EXPECT_NE(d, 0);
}

// --- bits of folded models

template <class Net, phase Purpose = phase::inference>
constexpr int bit_products = count_of<Net, Purpose>(op::row_product);

// a border, words that are whole and words that are not
inline constexpr auto of_bits = xnor_conv<33, 3, same, no_bias> >> xnor_conv<4, 2, pad<1, 0>, stride<2>, no_bias> >>
                                flatten >> xnor_dense<5, no_bias>;
struct bits_alone : network<of_bits, shape<5, 4, 64>> {};
static_assert(bit_products<bits_alone> == 3 && bit_products<bits_alone, phase::training> == 3);

// the same in products of real numbers
template <int C, int K, class... Options>
inline constexpr auto real_conv = [](value x) {
    const window_options o = window_options_of<K, Options...>();
    const window view = *window_of_convolution(x, C, o);
    const stepped_weights w = signed_weights(weight_of_convolution(x, C, o, view));
    return convolution(binarise(x), w.steps, view) * w.scale;
};
inline constexpr auto of_reals =
    real_conv<33, 3, same> >> real_conv<4, 2, pad<1, 0>, stride<2>> >> flatten >> binarise >> binary_dense<5, no_bias>;
struct reals_alone : network<of_reals, shape<5, 4, 64>> {};
static_assert(bit_products<reals_alone> == 0 && reals_alone::parameter_elements == bits_alone::parameter_elements);

template <class Range> void fill(Range of, double around, double by) {
    for (std::size_t i = 0; i < of.size(); ++i)
        of[i] = static_cast<float>(around + by * std::sin(1.7 * static_cast<double>(i)));
}

template <class Backend> struct bits_of_layers_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(bits_of_layers_on, backends);

// Signs are whole numbers, so a sum of them has one value in any order, and in bits.
TYPED_TEST(bits_of_layers_on, are_equal_to_products_of_real_numbers_and_packed_once) {
    struct fast : folded<bits_alone> {};
    model<bits_alone, TypeParam, batch<2>> whole;
    model<reals_alone, TypeParam, batch<2>> real;
    model<fast, TypeParam, batch<2>> packed;
    fill(whole.parameters(), 0.02, 0.5);
    std::copy(whole.parameters().begin(), whole.parameters().end(), real.parameters().begin());
    fold(whole, packed);
    std::vector<float> x(2 * 5 * 4 * 64);
    fill(std::span(x), 0.1, 1);
    const auto bits = whole(x), other = real(x), from_packed = packed(x);
    EXPECT_NE(bits[0], bits[5]);
    for (std::size_t i = 0; i < bits.size(); ++i) {
        EXPECT_EQ(bits[i], other[i]);
        EXPECT_EQ(bits[i], from_packed[i]);
    }
    using program_type = typename decltype(packed)::program_type;
    int products = 0, made_in_calls = 0;
    for (int i = 0; i < program_type::nodes; ++i) {
        products += program_type::graph.nodes[i].kind == op::row_product;
        made_in_calls += program_type::graph.nodes[i].kind == op::sign_bits && program_type::graph.nodes[i].batched;
    }
    EXPECT_EQ(products, 3);
    EXPECT_EQ(made_in_calls, 3);  // of what flows; those of the weights are packed
    if constexpr (std::is_same_v<TypeParam, backend::simd>) {
        EXPECT_GT(decltype(packed)::packed_bytes, 0);
    }
}

// n - 2 popcount of the exclusive or is the product of the signs
TEST(xnor, is_n_less_twice_the_places_that_differ) {
    constexpr int n = 37;
    evaluation<network<xnor_dense<1, no_bias>, shape<n>>> e;
    std::uint64_t a = 0, b = 0;
    double dot = 0;
    for (int i = 0; i < n; ++i) {
        const double x = std::sin(3.1 * i), w = std::cos(1.3 * i);
        e.input()[static_cast<std::size_t>(i)] = x;
        e.parameter("weight")[static_cast<std::size_t>(i)] = w < 0 ? -1 : 1;
        a |= std::uint64_t{x < 0} << i;
        b |= std::uint64_t{w < 0} << i;
        dot += (x < 0) == (w < 0) ? 1 : -1;
    }
    model<network<xnor_dense<1, no_bias>, shape<n>>, backend::scalar, double> m;
    std::copy(e.parameter("weight").begin(), e.parameter("weight").end(), m.parameters().begin());
    EXPECT_EQ(m(e.input())[0], n - 2 * std::popcount(a ^ b));
    EXPECT_EQ(m(e.input())[0], dot);
}

// --- extents and parameters

static_assert(parameter_shape<bits_alone>("0.weight") == (extents{3, 3, 64, 33}));
static_assert(output_shape<network<(xnor_conv<3, 3, pad<1>, stride<2>>), shape<9, 7, 4>>> == (extents{5, 4, 3}));
static_assert(output_shape<network<xnor_conv<3, 3>, shape<9, 32>>> == (extents{7, 3}));
static_assert(output_shape<network<(xnor_conv<3, 3, same>), shape<4, 5, 3, 2>>> == (extents{4, 5, 3, 3}));
static_assert(network<(binary_conv<4, 3, groups<2>>), shape<5, 5, 2>>::parameter_count == 9 * 4 + 4);
static_assert(paths_are<network<(bit_plane_dense<2, 6, trained_planes<3>>), shape<4>>>({"planes", "fixed_planes",
                                                                                        "signs", "bias"}));
static_assert(parameter_shape<network<(bit_plane_dense<2, 6, trained_planes<3>>), shape<4>>>("planes") ==
              (extents{3, 4, 2}));
using planes_of_filters = network<(bit_plane_conv<4, 3, 6, trained_planes<2>, groups<2>>), shape<5, 5, 4>>;
static_assert(parameter_shape<planes_of_filters>("fixed_planes") == (extents{4, 3, 3, 2, 4}));
static_assert(output_shape<planes_of_filters> == (extents{3, 3, 4}));
static_assert(planes_of_filters::parameter_count == 7 * 72 + 4);
static_assert(!mistake<xnor_conv<3, 3>, 5>().expected.empty());
static_assert(!mistake<xnor_conv<3, 7>, 5, 5, 1>().expected.empty());
static_assert(!mistake<binary_conv<3, 3, groups<2>>, 5, 5, 3>().expected.empty());
static_assert(mistake<xnor_dense<3>>().expected.view() == "features on the last axis");
static_assert(mistake<bit_plane_conv<3, 3, 2, groups<2>>, 5, 5, 3>().expected.view() ==
              "channels divisible by 2 groups");
static_assert(mistake<bit_plane_dense<3, 2>>().expected.view() == "features on the last axis");

}  // namespace
