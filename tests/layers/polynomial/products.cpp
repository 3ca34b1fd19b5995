// Networks of products: their degrees, extents, parameters, and what single units can tell apart.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/polynomial.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../../network_facts.hpp"
#include "../evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

// --- degrees: along x + t d, differences of order Degree + 1 vanish, and those of order Degree do not

template <class Net> void expect_degree(int degree) {
    std::vector<numbers> difference;
    const std::size_t size = static_cast<std::size_t>(Net::table.inputs[0].shape.size());
    for (int t = 0; t <= degree + 1; ++t) {
        evaluation<Net> e;
        for (int p = 0; p < Net::table.parameter_count; ++p) {
            numbers& w = e.parameter(path<Net>(p).view());
            for (std::size_t i = 0; i < w.size(); ++i) w[i] = std::sin(static_cast<double>(7 * i + 3) + p);
        }
        for (std::size_t i = 0; i < size; ++i)
            e.input()[i] = std::cos(static_cast<double>(i)) + 0.5 * t * std::sin(static_cast<double>(2 * i + 1));
        e.run();
        difference.push_back(e.output());
    }
    double largest = 0;
    for (double y : difference.back()) largest = std::max(largest, std::abs(y));
    const auto differ = [&] {
        for (std::size_t t = 0; t + 1 < difference.size(); ++t)
            for (std::size_t i = 0; i < difference[t].size(); ++i)
                difference[t][i] = difference[t + 1][i] - difference[t][i];
        difference.pop_back();
    };
    for (int order = 0; order < degree; ++order) differ();
    double there = 0;
    for (double d : difference[0]) there = std::max(there, std::abs(d));
    EXPECT_GT(there, 1e-6 * (1 + largest));
    differ();
    for (double d : difference[0]) EXPECT_NEAR(d, 0, 1e-11 * (1 + largest));
}

struct mu : network<mu_layer<12, shrink<4>, without_norms>, shape<2, 5>> {};
struct mu_of_image : network<mu_layer<12, shrink<4>, without_norms, spatially_shifted>, shape<3, 4, 5>> {};
struct block : network<poly_block<2, shrink<2>, without_norms>, shape<3, 3, 4>> {};
struct normed_block : network<poly_block<2, shrink<2>>, shape<3, 3, 4>> {};
struct cp : network<cp_product<3, 4, 5>, shape<2, 3>> {};
struct ccp : network<ccp_product<3, 4, 5>, shape<2, 3>> {};
struct ncp : network<ncp_product<3, 4, 5>, shape<2, 3>> {};
struct quadratic : network<quadratic_dense<3>, shape<2, 4>> {};
struct gated : network<gated_perceptron<3>, shape<2, 5>> {};

TEST(mu_layer, is_of_degree_2_and_a_block_of_degree_4) {
    expect_degree<mu>(2);
    expect_degree<mu_of_image>(2);
    expect_degree<block>(4);
}
TEST(products, are_of_the_degree_that_they_name) {
    expect_degree<cp>(4);
    expect_degree<ccp>(4);
    expect_degree<ncp>(4);
    expect_degree<quadratic>(2);
    expect_degree<gated>(5);
}
// without its bias a product of maps is homogeneous; forms with terms of every degree are not
template <class Net> double at_twice() {
    evaluation<Net> one, two;
    for (int p = 0; p < Net::table.parameter_count; ++p) {
        numbers& w = one.parameter(path<Net>(p).view());
        for (std::size_t i = 0; i < w.size(); ++i) w[i] = std::sin(static_cast<double>(5 * i + 1) + p);
        two.parameter(path<Net>(p).view()) = w;
    }
    for (std::size_t i = 0; i < one.input().size(); ++i)
        two.input()[i] = 2 * (one.input()[i] = std::cos(static_cast<double>(i)));
    one.run();
    two.run();
    return two.output()[0] / one.output()[0];
}
TEST(cp_product, is_homogeneous) {
    EXPECT_NEAR((at_twice<network<cp_product<2, 3, 4, no_bias>, shape<3>>>()), 8, 1e-12);
    EXPECT_GT(std::abs(at_twice<network<ccp_product<2, 3, 4, no_bias>, shape<3>>>() - 8), 1e-3);
}

TEST(products, have_the_gradients_of_central_differences) {
    EXPECT_LT(gradient_check<normed_block>().error, 1e-6);
    EXPECT_LT(gradient_check<ncp>().error, 1e-6);
    EXPECT_LT(gradient_check<gated>().error, 1e-6);
    EXPECT_LT(gradient_check<quadratic>().error, 1e-6);
}

// --- shifts

TEST(spatial_shift, moves_quarters_and_keeps_the_border) {
    evaluation<network<spatial_shift, shape<2, 3, 4>>> e;
    for (std::size_t i = 0; i < 24; ++i) e.input()[i] = static_cast<double>(i);  // (h, w, c): 12 h + 4 w + c
    e.run();
    const auto at = [&](std::size_t h, std::size_t w, std::size_t c) { return e.output()[12 * h + 4 * w + c]; };
    EXPECT_EQ(at(0, 1, 0), 4);   // the border
    EXPECT_EQ(at(1, 1, 0), 4);   // from above
    EXPECT_EQ(at(0, 1, 1), 17);  // from below
    EXPECT_EQ(at(1, 1, 1), 17);  // the border
    EXPECT_EQ(at(1, 0, 2), 14);  // the border
    EXPECT_EQ(at(1, 2, 2), 18);  // from the left
    EXPECT_EQ(at(0, 1, 3), 11);  // from the right
    EXPECT_EQ(at(0, 2, 3), 11);  // the border
}
// channels that four do not divide, and axes without a neighbour
static_assert(output_shape<network<spatial_shift, shape<1, 3, 7>>> == (extents{1, 3, 7}));
static_assert(output_shape<network<spatial_shift, shape<3, 3, 2>>> == (extents{3, 3, 2}));

// --- gated and quadratic units

TEST(gated_perceptron, one_unit_tells_whether_two_inputs_differ) {
    evaluation<network<gated_perceptron<1>, shape<2>>> e(phase::inference, 4);
    e.input() = {0, 0, 0, 1, 1, 0, 1, 1};
    e.parameter("weight") = {1, 1};
    e.parameter("gate") = {-2};
    e.parameter("bias") = {-0.5};
    e.run();
    EXPECT_EQ(e.output(), (numbers{-0.5, 0.5, 0.5, -0.5}));
    EXPECT_EQ(e.gradient("gate"), numbers{1});  // the sum of the products
    // of x_0: 1 - 2 x_1
    EXPECT_EQ(e.input_gradient()[0], 1);
    EXPECT_EQ(e.input_gradient()[2], -1);
}
// of inputs around 0 the sign of the product alone will do
TEST(gated_perceptron, needs_the_gate_alone_for_signs) {
    evaluation<network<gated_perceptron<1>, shape<2>>> e(phase::inference, 4);
    e.input() = {-1, -1, -1, 1, 1, -1, 1, 1};
    e.parameter("weight") = {0, 0};
    e.parameter("gate") = {-1};
    e.run();
    EXPECT_EQ(e.output(), (numbers{-1, 1, 1, -1}));
}
TEST(gated_perceptron, divides_by_nothing) {
    evaluation<network<gated_perceptron<1>, shape<5>>> e(phase::inference, 3);
    e.input() = {2, 3, 0, 5, 7, 0, 3, 0, 5, 7, 1, 2, 3, 4, 5};
    e.parameter("weight") = numbers(5, 0);
    e.parameter("gate") = {1};
    e.run();
    EXPECT_EQ(e.output(), (numbers{0, 0, 120}));
    EXPECT_EQ(e.input_gradient(), (numbers{0, 0, 210, 0, 0, 0, 0, 0, 0, 0, 120, 60, 40, 30, 24}));
}
static_assert(network<gated_perceptron<1>, shape<9>>::parameter_count == 9 + 2);
static_assert(network<quadratic_dense<1>, shape<9>>::parameter_count == 3 * 9 + 3);
TEST(quadratic_dense, starts_as_a_product_of_two_maps) {
    evaluation<network<quadratic_dense<1>, shape<2>>> e;
    e.parameter("weight") = {1, 3, 2, 4};  // r = (1, 2), g = (3, 4)
    e.input() = {1, -1};
    e.run();
    EXPECT_EQ(e.output()[0], (1 - 2) * (3 - 4 + 1));
    e.parameter("b") = {10, 100};
    e.run();
    EXPECT_EQ(e.output()[0], 110);
}

// --- extents and parameters

static_assert(parameter_shape<ncp>("s") == (extents{3, 5, 5}) && parameter_shape<ccp>("u") == (extents{3, 4, 5}));
static_assert(network<cp_product<3, 4, 5>, shape<2>>::macs == 2 * 4 * 5 + 5 * 3);
static_assert(mistake<spatial_shift, 3, 4>().expected.view() == "an image (H, W, C)");
static_assert(mistake<mu_layer<8, spatially_shifted>, 3, 4>().expected.view() == "an image (H, W, D)");
static_assert(mistake<poly_block<3>, 3, 4>().expected.view() == "an image (H, W, D)");
static_assert(mistake<poly_block<3>, 3, 4, 7>().expected.view() == "channels, at least 8");
static_assert(!mistake<gated_perceptron<3>>().expected.empty());
static_assert(!mistake<ccp_product<3, 2, 2>, 2, 2, 2, 2>().expected.empty());

}  // namespace
