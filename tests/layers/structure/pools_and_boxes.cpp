// Simplex classifiers, generalised means, Fisher vectors, Hermite activations and boxes: known answers, laws, gradients.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/structure/box_embedding.hpp>
#include <tessera/layers/structure/fisher_vector.hpp>
#include <tessera/layers/structure/generalised_mean_pool.hpp>
#include <tessera/layers/structure/hermite_activation.hpp>
#include <tessera/layers/structure/simplex_classifier.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../../network_facts.hpp"
#include "../evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

// --- a simplex

// the corners are what the rows of an identity give
TEST(simplex_classifier, has_the_gram_matrix_of_a_simplex) {
    evaluation<network<simplex_classifier<10>, shape<9, 9>>> e;
    for (std::size_t i = 0; i < 9; ++i) e.input()[10 * i] = 1;
    e.run();
    const numbers& v = e.output();  // (9, 10): feature by class
    for (std::size_t a = 0; a < 10; ++a) {
        for (std::size_t b = 0; b < 10; ++b) {
            double dot = 0;
            for (std::size_t d = 0; d < 9; ++d) dot += v[10 * d + a] * v[10 * d + b];
            EXPECT_NEAR(dot, a == b ? 1 : -1.0 / 9, 1e-14);
        }
    }
    for (std::size_t d = 0; d < 9; ++d) {
        double total = 0;
        for (std::size_t a = 0; a < 10; ++a) total += v[10 * d + a];
        EXPECT_NEAR(total, 0, 1e-14);
    }
}
struct corners : network<simplex_classifier<5, scaled_by<3>>, shape<4>> {};
static_assert(corners::parameter_count == 0 && corners::macs == 0 && output_shape<corners> == (extents{5}));
static_assert(mistake<simplex_classifier<5>, 5>().expected.view() == "4 features for 5 classes");

// --- generalised means

struct learnt : network<generalised_mean_pool, shape<3, 2, 4>> {};
struct each : network<generalised_mean_pool_with<of_each_channel>, shape<3, 4>> {};
static_assert(learnt::parameter_count == 1 && each::parameter_count == 4 && output_shape<learnt> == (extents{4}));
static_assert(mistake<generalised_mean_pool, 4>().expected.view() == "(positions..., channels), rank 2 at least");

template <auto P> double mean_of(const numbers& x) {
    evaluation<network<generalised_mean_pool_with<fixed_power<P>>, shape<4, 1>>> e;
    e.input() = x;
    e.run();
    return e.output()[0];
}
TEST(generalised_mean_pool, lies_between_the_mean_and_the_maximum) {
    const numbers x{1, 2, 3, 6};
    EXPECT_NEAR(mean_of<1>(x), 3, 1e-14);
    EXPECT_NEAR(mean_of<2>(x), std::sqrt(12.5), 1e-14);
    EXPECT_NEAR(mean_of<500>(x), 6, 0.02);
    EXPECT_NEAR(mean_of<3>({2, 2, 2, 2}), 2, 1e-14);
}
TEST(generalised_mean_pool, has_finite_gradients_at_0) {
    evaluation<network<generalised_mean_pool, shape<3, 1>>> e;
    for (const numbers& x : {numbers{0, 0, 0}, numbers{0, 1e8, -3}, numbers{-1, 1e-7, 2}}) {
        e.input() = x;
        e.run();
        EXPECT_TRUE(std::isfinite(e.output()[0]));
        EXPECT_TRUE(std::isfinite(e.gradient("power")[0]));
        for (double d : e.input_gradient()) EXPECT_TRUE(std::isfinite(d));
    }
    EXPECT_EQ(e.input_gradient()[0], 0);
    EXPECT_NE(e.input_gradient()[2], 0);
}

// --- Fisher vectors

struct fisher : network<fisher_vector<2>, shape<2, 3, 3>> {};

static_assert(output_shape<fisher> == (extents{12}) && fisher::parameter_count == 2 + 6 + 6);
static_assert(mistake<fisher_vector<2>, 3>().expected.view() == "descriptors (places..., features)");

TEST(fisher_vector, of_one_gaussian_is_the_deviation_from_it) {
    evaluation<network<fisher_vector<1>, shape<1, 2>>> e;
    e.parameter("mean") = {0.5, -1};
    e.parameter("log_deviation") = {std::log(2.0), std::log(0.5)};
    e.input() = {2.5, -0.5};  // a deviation above the mean
    e.run();
    const numbers above{1, 1, 0, 0};
    for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(e.output()[i], above[i], 1e-14);
    e.input() = {0.5, -1};
    e.run();
    const numbers at{0, 0, -1 / std::sqrt(2.0), -1 / std::sqrt(2.0)};
    for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(e.output()[i], at[i], 1e-14);
}
template <int N> numbers improved_of(const numbers& x) {
    evaluation<network<(fisher_vector<2, signed_root, unit_length>), shape<N, 2>>> e;
    e.parameter("mean") = {0.5, -1, 1, 2};
    e.parameter("log_weight") = {0.3, -0.2};
    e.input() = x;
    e.run();
    return e.output();
}
TEST(fisher_vector, does_not_count_how_often_all_descriptors_come) {
    const numbers once = improved_of<2>({1, 2, -1, 0.5}), twice = improved_of<4>({1, 2, -1, 0.5, 1, 2, -1, 0.5});
    double length = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        EXPECT_NEAR(once[i], twice[i], 1e-14);
        length += once[i] * once[i];
    }
    EXPECT_NEAR(length, 1, 1e-14);
}

// --- Hermite polynomials

struct mixed : network<hermite_activation<0, 0.5, 0, 0, 0, 0.3, 0, 0.2>, shape<7>> {};
struct series : network<learnt_hermite<4>, shape<2, 3>> {};
static_assert(mixed::parameter_count == 0 && series::parameter_count == 5 * 3);

// by the midpoint rule, to 12 deviations
template <auto... A, auto... B>
double mean_product(const hermite_activation_layer<A...>&, const hermite_activation_layer<B...>&) {
    constexpr int steps = 2400;
    evaluation<network<hermite_activation<A...>, shape<steps>>> a;
    evaluation<network<hermite_activation<B...>, shape<steps>>> b;
    for (int i = 0; i < steps; ++i)
        a.input()[static_cast<std::size_t>(i)] = b.input()[static_cast<std::size_t>(i)] = (i + 0.5) / 100 - 12;
    a.run();
    b.run();
    double total = 0;
    for (std::size_t i = 0; i < steps; ++i)
        total += a.output()[i] * b.output()[i] * std::exp(-a.input()[i] * a.input()[i] / 2) / 100;
    return total / std::sqrt(2 * std::numbers::pi);
}
TEST(hermite_activation, is_orthonormal_for_normal_inputs) {
    EXPECT_NEAR(mean_product(hermite_activation<0, 0, 0, 1>, hermite_activation<0, 0, 0, 1>), 1, 1e-10);
    EXPECT_NEAR(mean_product(hermite_activation<0, 0, 0, 0, 0, 1>, hermite_activation<0, 0, 0, 1>), 0, 1e-10);
    EXPECT_NEAR(mean_product(hermite_activation<1>, hermite_activation<0, 0, 1>), 0, 1e-10);
    EXPECT_NEAR(
        mean_product(hermite_activation<0.1, 0.5, 0, 0.2, 0, 0.3>, hermite_activation<0.1, 0.5, 0, 0.2, 0, 0.3>),
        (hermite_dual<0.1, 0.5, 0, 0.2, 0, 0.3>(1)), 1e-9);
}
static_assert(hermite_dual<2, 0, 3>(0) == 4 && hermite_dual<2, 0, 3>(0.5) == 4 + 9 * 0.25);

// --- boxes

// two boxes (2, 2, D) of the first input
template <bool Gumbel>
inline constexpr auto containment = [](value x) {
    const auto corner = [&](int box, int end) { return reshape(slice(slice(x, 0, box, 1), 1, end, 1), {x.extent(2)}); };
    const values a{corner(0, 0), corner(0, 1)}, b{corner(1, 0), corner(1, 1)};
    return box_containment(a, b, Gumbel ? box_softness{0.001, true} : box_softness{});
};
template <bool Gumbel> double contained(const numbers& x) {
    evaluation<network<containment<Gumbel>, shape<2, 2, 2>>> e;
    e.input() = x;
    e.run();
    return e.output()[0];
}
TEST(boxes, contain_what_lies_in_them) {
    const numbers whole{0, 0, 4, 4, 1, 1, 2, 3}, half{0, 0, 4, 2, 1, 1, 2, 3}, apart{0, 0, 1, 1, 2, 2, 3, 3};
    EXPECT_EQ(contained<false>(whole), 0);
    EXPECT_NEAR(contained<false>(half), std::log(0.5), 1e-14);
    EXPECT_LT(contained<false>(apart), -100);
    // corners that are nearly certain
    EXPECT_NEAR(contained<true>(whole), 0, 2e-3);
    EXPECT_NEAR(contained<true>(half), std::log(0.5), 2e-3);
}
struct box_net : network<box_embedding<7, 3>, in<"i", shape<2>, int32>> {};
static_assert(box_net::table.output_count == 2 && box_net::parameter_count == 2 * 7 * 3);
inline constexpr auto of_one_value = [](value x) { return box_log_volume({x}); };
inline constexpr auto of_no_temperature = [](value x) { return box_log_volume({x, x + 1}, {.gumbel = true}); };
static_assert(mistake<of_one_value, 3>().expected.view() == "a box, low and high (..., D)");
static_assert(mistake<of_no_temperature, 3>().expected.view() == "a temperature above 0, or 0 for hard sides");

TEST(pools_and_boxes, gradients_are_exact) {
    EXPECT_LT(gradient_check<corners>().error, 1e-6);
    EXPECT_LT(gradient_check<learnt>().error, 1e-6);
    EXPECT_LT(gradient_check<fisher>().error, 1e-6);
    EXPECT_LT(gradient_check<mixed>().error, 1e-6);
    EXPECT_LT(gradient_check<series>().error, 1e-6);
}

}  // namespace
