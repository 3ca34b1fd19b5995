// Graph convolutions, prototypes and subspaces: shapes, parameters, laws, gradients.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/function_layer.hpp>
#include <tessera/layers/structure/concept_subspaces.hpp>
#include <tessera/layers/structure/graph_conv.hpp>
#include <tessera/layers/structure/normalised_adjacency.hpp>
#include <tessera/layers/structure/prototypes.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradient_check.hpp>
#include <tessera/train/loss/prototype_loss.hpp>

#include "../../network_facts.hpp"
#include "../evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

// --- graphs

struct by_matrix : network<(graph_conv<4>), in<"x", shape<5, 3>>, in<"a", shape<5, 5>>> {};
struct by_edges : network<(graph_conv<4, with_bias>), in<"x", shape<5, 3>>, in<"source", shape<7>, int32>,
                          in<"target", shape<7>, int32>> {};
static_assert(output_shape<by_matrix> == (extents{5, 4}) && paths_are<by_matrix>({"weight"}));
static_assert(output_shape<by_edges> == (extents{5, 4}) && by_edges::parameter_count == 3 * 4 + 4);
// the cheaper order: to 4 features last, to 1 feature first
static_assert(by_matrix::macs == 5 * 5 * 3 + 5 * 3 * 4);
static_assert(network<(graph_conv<1>), in<"x", shape<5, 3>>, in<"a", shape<5, 5>>>::macs == 5 * 3 + 5 * 5);

// six layers of a zero-shot classifier
inline constexpr auto zero_shot = [](value x, value a) {
    for (int layer = 0; layer < 6; ++layer) {
        if (layer == 0 || layer == 1) x = graph_conv<2048>(x, a);
        if (layer == 2 || layer == 3) x = graph_conv<1024>(x, a);
        if (layer == 4) x = graph_conv<512>(x, a);
        if (layer == 5) x = graph_conv<2048>(x, a);
    }
    return x;
};
static_assert(network<zero_shot, in<"x", shape<3, 300>>, in<"a", shape<3, 3>>>::parameter_count == 9527296);

inline constexpr auto not_square = [](value x) { return graph_conv<2>(x, x); };
inline constexpr auto odd_targets = [](value x) {
    return graph_conv<2>(x, to_index(slice(x, 0, 0, 1), 2), to_index(x, 2));
};
static_assert(mistake<not_square, 5, 3>().expected.view() == "an adjacency (nodes, nodes)");
static_assert(mistake<odd_targets, 5, 3>().expected.view() == "the sources of edges (edges)");
static_assert(mistake<layer<normalised_adjacency>, 2, 3>().expected.view() == "an adjacency (nodes, nodes)");

TEST(normalised_adjacency, of_two_joined_nodes_is_a_half_everywhere) {
    evaluation<network<layer<normalised_adjacency>, shape<2, 2>>> e;
    e.input() = {0, 1, 1, 0};
    e.run();
    for (double a : e.output()) EXPECT_NEAR(a, 0.5, 1e-15);
}

// symmetric, and sqrt(degree) is its vector of eigenvalue 1, the largest
TEST(normalised_adjacency, of_a_symmetric_graph_keeps_the_roots_of_degrees) {
    evaluation<network<layer<normalised_adjacency>, shape<3, 3>>> e;
    e.input() = {0, 1, 2, 1, 0, 0, 2, 0, 0};
    e.run();
    const numbers& a = e.output();
    const double root[] = {2, std::sqrt(2.0), std::sqrt(3.0)};
    for (std::size_t i = 0; i < 3; ++i) {
        double y = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            y += a[3 * i + j] * root[j];
            EXPECT_NEAR(a[3 * i + j], a[3 * j + i], 1e-15);
        }
        EXPECT_NEAR(y, root[i], 1e-14);
    }
}

TEST(graph_conv, gradients_are_exact) {
    EXPECT_LT(gradient_check<by_matrix>().error, 1e-6);
    EXPECT_LT(gradient_check<by_edges>({.indices = 5}).error, 1e-6);
}

// --- prototypes

struct parts : network<prototypes<3, 2>, shape<2, 3, 4>> {};
static_assert(parts::table.output_count == 2 && output_shape<parts> == (extents{3}));
static_assert(parts::table.nodes[parts::table.outputs[1]].shape == (extents{6}));
static_assert(paths_are<parts>({"prototypes", "weight"}) && parts::parameter_count == 6 * 4 + 6 * 3);
static_assert(parts::macs == 2 * 3 * 6 * 4 + 6 * 3);
static_assert(mistake<prototypes<3, 2>, 4>().expected.view() == "features of places (..., D)");
inline constexpr auto of_another_width = [](value x) { return squared_distances(x, slice(x, 1, 0, 2)); };
static_assert(mistake<of_another_width, 2, 3>().expected.view() == "points (points, features) of as many features");

TEST(log_similarity, has_the_values_of_the_paper) {
    evaluation<network<layer<log_similarity>, shape<2>>> e;
    e.input() = {0, 1};
    e.run();
    EXPECT_NEAR(e.output()[0], 9.210340, 1e-6);
    EXPECT_NEAR(e.output()[1], 0.693047, 1e-6);
}

inline constexpr auto distances_alone = [](value z) { return prototypes_layer<3, 2>{}.apply(z)[1]; };
TEST(prototypes, distances_are_those_of_two_loops) {
    evaluation<network<distances_alone, shape<2, 3, 4>>> e;
    numbers& p = e.parameter("prototypes");
    for (std::size_t i = 0; i < 24; ++i) {
        e.input()[i] = std::sin(static_cast<double>(i));
        p[i] = std::cos(static_cast<double>(5 * i));
    }
    for (std::size_t d = 0; d < 4; ++d) p[4 + d] = e.input()[12 + d];  // prototype 1 is the place 3
    e.run();
    for (std::size_t m = 0; m < 6; ++m) {
        double least = 1e9;
        for (std::size_t place = 0; place < 6; ++place) {
            double total = 0;
            for (std::size_t d = 0; d < 4; ++d) {
                const double apart = e.input()[4 * place + d] - p[4 * m + d];
                total += apart * apart;
            }
            least = std::min(least, total);
        }
        EXPECT_NEAR(e.output()[m], least, 1e-14) << m;
    }
    EXPECT_EQ(e.output()[1], 0);
}

// of three classes with two prototypes each
template <bool Own, int Classes = 3>
inline constexpr auto cost =
    [](value d, value label) { return Own ? cluster_cost(d, label, Classes) : separation_cost(d, label, Classes); };
template <bool Own> double cost_of(int label) {
    evaluation<network<cost<Own>, in<"distances", shape<6>>, in<"label", shape<>, int32>>> e;
    e.input() = {7, 4, 3, 2, 9, 5};
    e.index(1) = {label};
    e.run();
    return e.output()[0];
}
TEST(prototype_costs, are_the_nearest_of_the_own_class_and_of_the_others) {
    EXPECT_EQ(cost_of<true>(1), 2);
    EXPECT_EQ(cost_of<false>(1), 4);
    EXPECT_EQ(cost_of<true>(2), 5);
    EXPECT_EQ(cost_of<false>(2), 2);
}
template <bool Own, int Classes>
inline constexpr auto of_label_0 = [](value d) { return cost<Own, Classes>(d, arg_max(d)); };
static_assert(mistake<of_label_0<true, 4>, 6>().expected.view() == "distances, as many of each class");
static_assert(mistake<of_label_0<false, 1>, 6>().expected.view() == "two classes or more");

struct penalised : network<(prototypes<3, 2, wrong_class_penalty<0.01>>), shape<2, 2>> {};
TEST(prototypes, gradients_are_exact) {
    EXPECT_LT((gradient_check<parts, prototype_loss<>, 2>({.indices = 3}).error), 1e-6);
    EXPECT_LT((gradient_check<penalised, prototype_loss<1.0, -0.5>, 2>({.indices = 3}).error), 1e-6);
}

// --- subspaces

struct concepts : network<concept_subspaces<10, 2>, shape<32>> {};
static_assert(concepts::parameter_count == 384 && concepts::table.output_count == 3);
static_assert(paths_are<concepts>({"0.prototypes", "1.prototypes"}));
static_assert(mistake<concept_subspaces<5>, 3>().expected.view() == "as many features as prototypes, less one");

inline constexpr auto gram_of_basis = [](value b) {
    const value q = orthonormal_basis(b);
    return einsum("id,jd->ij", q, q);
};
inline constexpr auto with_itself = [](value b) {
    const value q = orthonormal_basis(b);
    return subspace_alignment(q, q);
};
inline constexpr auto with_the_rest = [](value b) {  // the first two rows against the last
    const value q = orthonormal_basis(b);
    return subspace_alignment(slice(q, 0, 0, 2), slice(q, 0, 2, 1));
};
inline constexpr auto with_a_part = [](value b) {
    return largest_cosine(orthonormal_basis(b), orthonormal_basis(slice(b, 0, 0, 1)));
};
template <auto F> numbers of_three_rows() {
    evaluation<network<F, shape<3, 5>>> e;
    for (std::size_t i = 0; i < 15; ++i) e.input()[i] = std::sin(static_cast<double>(i * i));
    e.run();
    return e.output();
}
TEST(orthonormal_basis, is_orthonormal) {
    const numbers g = of_three_rows<gram_of_basis>();
    for (std::size_t i = 0; i < 9; ++i) EXPECT_NEAR(g[i], i % 4 == 0 ? 1 : 0, 1e-14) << i;
}
TEST(subspace_alignment, is_1_of_equal_ones_and_0_of_orthogonal_ones) {
    EXPECT_NEAR(of_three_rows<with_itself>()[0], 1, 1e-14);
    EXPECT_NEAR(of_three_rows<with_the_rest>()[0], 0, 1e-14);
    EXPECT_NEAR(of_three_rows<with_a_part>()[0], 1, 1e-14);
}

// a projection: twice is once, and prototypes stay
inline constexpr auto projected = [](value z) {
    const value p = parameter("p", {3, 5}, initial::normal(1)).with(z);
    const value once = subspace_projection(z, p), twice = subspace_projection(once, p);
    return concatenate({once - twice, subspace_projection(p, p) - p}, 0);
};
TEST(subspace_projection, is_one) {
    evaluation<network<projected, shape<2, 5>>> e;
    for (std::size_t i = 0; i < 15; ++i) e.parameter("p")[i] = std::cos(static_cast<double>(i * i));
    for (std::size_t i = 0; i < 10; ++i) e.input()[i] = static_cast<double>(i);
    e.run();
    for (double apart : e.output()) EXPECT_NEAR(apart, 0, 1e-13);
}

// Kinds and species: the subspace of the species contains that of the kinds, two species stand around each kind. What is
// near a species is of its kind.
struct hierarchy : network<concept_subspaces<2, 4>, shape<4>> {};
TEST(concept_subspaces, nested_prototypes_reproduce_a_hierarchy) {
    static model<hierarchy, backend::scalar, batch<1>, double> m;
    const auto turned = [](double u, double v, double w) {  // along three orthonormal directions
        return numbers{0.6 * u - 0.8 * v, 0.8 * u + 0.6 * v, 0.28 * w, 0.96 * w};
    };
    const numbers species[] = {turned(-1, 0.4, 0), turned(-1, -0.4, 0), turned(1, 0, 0.4), turned(1, 0, -0.4)};
    std::ranges::copy(turned(-1, 0, 0), m.parameter("0.prototypes").begin());
    std::ranges::copy(turned(1, 0, 0), m.parameter("0.prototypes").begin() + 4);
    for (int s = 0; s < 4; ++s) std::ranges::copy(species[s], m.parameter("1.prototypes").begin() + 4 * s);
    const auto nearest = [](auto logits) { return std::ranges::max_element(logits) - logits.begin(); };
    for (int k = 0; k < 40; ++k) {
        numbers z = species[k % 4];
        for (std::size_t i = 0; i < 4; ++i) z[i] += 0.15 * std::sin(1.0 + k * k + 2.3 * static_cast<double>(i));
        m(z);
        EXPECT_EQ(nearest(m.result<1>()), k % 4) << k;
        EXPECT_EQ(nearest(m.result<0>()), k % 4 / 2) << k;
    }
    EXPECT_NEAR(m.result<2>()[0], 1, 1e-12);  // the narrower is within the wider
}

struct two_concepts : network<concept_subspaces<3, 2>, shape<2, 4>> {};
TEST(concept_subspaces, gradients_are_exact) { EXPECT_LT(gradient_check<two_concepts>().error, 1e-6); }

}  // namespace
