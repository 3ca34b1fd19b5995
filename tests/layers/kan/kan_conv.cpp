// Layers of functions as programs: a basis of one's own, edges that are lines, gradients, and what the plan holds.
#include <gtest/gtest.h>

#include <cmath>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/kan/hermite.hpp>
#include <tessera/layers/kan/ka_convs.hpp>
#include <tessera/layers/kan/kan_dense.hpp>
#include <tessera/layers/kan/wavelet_dense.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradient_check.hpp>
#include <tessera/train/loss/weighted_outputs.hpp>
#include <tessera/train/training.hpp>

#include "../../network_facts.hpp"
#include "../evaluate.hpp"

namespace {

using namespace tessera;

// 1 / (1 + (3 x - c)^2), c = -1, 0, 1
struct bumps {
    static constexpr std::string_view name = "bumps";
    static constexpr int count = 3;
    constexpr value operator()(value x) const { return 1 / (1 + square(x * 3 - iota(count, -1))); }
};
struct of_bumps : network<(kan_dense<8, bumps> >> kan_dense<2, bumps>), shape<4>> {};
static_assert(of_bumps::parameter_count == (4 * 8 + 8 * 2) * 5);

struct haar {
    static constexpr std::string_view name = "haar";
    constexpr value operator()(value u) const { return less(abs(u - 0.5), 0.5) * sign(0.5 - u); }
};

TEST(kan_dense, takes_a_basis_of_ones_own) {
    evaluation<network<(kan_dense<1, bumps, unscaled, no_base>), shape<1>>> e;
    e.input() = {0.5};
    e.parameter("weight") = {1, 10, 100};
    e.run();
    EXPECT_NEAR(e.output()[0], 1 / 7.25 + 10 / 3.25 + 100 / 1.25, 1e-12);
    EXPECT_LT(gradient_check<of_bumps>().error, 1e-6);
}

TEST(wavelet_dense, takes_a_wavelet_of_ones_own) {
    evaluation<network<(wavelet_dense<1, haar, no_base>), shape<2>>> e;
    e.input() = {0.3, 5};
    e.parameter("weight") = {2, 3};
    e.parameter("translation") = {0, 4};
    e.parameter("scale") = {1, 1.5};
    e.run();
    EXPECT_EQ(e.output()[0], 2 - 3);
}

// Edges of degree 1 are lines: a layer of them is a convolution with a bias, where no border is.
TEST(kan_conv, of_lines_is_a_convolution) {
    evaluation<network<(kan_conv<3, 3, hermite<1>, unscaled, no_base, stride<2>>), shape<7, 5, 2>>> lines;
    evaluation<network<(conv<3, 3, stride<2>>), shape<7, 5, 2>>> plain;
    numbers bias(3);
    for (std::size_t i = 0; i < 70; ++i) lines.input().at(i) = plain.input().at(i) = std::sin(1.7 * double(i));
    for (std::size_t edge = 0; edge < 18; ++edge)
        for (std::size_t o = 0; o < 3; ++o) {
            const double constant = std::cos(double(edge * 3 + o)), slope = std::sin(double(edge * 5 + o));
            lines.parameter("weight").at(edge * 6 + o) = constant;
            lines.parameter("weight").at(edge * 6 + 3 + o) = slope;
            plain.parameter("weight").at(edge * 3 + o) = slope;
            bias[o] += constant;
        }
    plain.parameter("bias") = bias;
    lines.run();
    plain.run();
    for (std::size_t i = 0; i < plain.output().size(); ++i) EXPECT_NEAR(lines.output()[i], plain.output()[i], 1e-12);
}

// Of constant x inside the grid and coefficients that are all 1, a spline edge is 1: also in a border of zeros in front
// of the functions, not in one behind them.
TEST(kan_conv, sees_its_border_as_it_is_told) {
    evaluation<network<(kan_conv<1, 3, b_spline<4>, unscaled, no_base, same>), shape<3, 3, 1>>> before;
    evaluation<network<(kan_conv<1, 3, b_spline<4>, unscaled, no_base, same, zeros_after>), shape<3, 3, 1>>> after;
    before.input() = after.input() = numbers(9, 0.7);
    before.parameter("weight") = after.parameter("weight") = numbers(9 * 7, 1);
    before.run();
    after.run();
    const numbers inside = {4, 6, 4, 6, 9, 6, 4, 6, 4};
    for (std::size_t i = 0; i < 9; ++i) {
        EXPECT_NEAR(before.output()[i], 9, 1e-12);
        EXPECT_NEAR(after.output()[i], inside[i], 1e-12);
    }
}

struct mixed : network<(kan_conv<2, 2, b_spline<3, 2>, same> >> gram_conv<3, 2, 2> >> wavelet_dense<2, morlet>),
                       shape<3, 3, 2>> {};
TEST(kan_conv, has_gradients) {
    const auto result = gradient_check<mixed>();
    EXPECT_LT(result.error, 1e-6) << result.where;
}

// --- the plan

template <class Net> using inferred = program<Net, backend::simd, batch<16>, float>;
template <class Net> using trained = program<Net, backend::simd, batch<16>, float, training<weighted_outputs>>;

// values of the plan that are as large as all functions of an image of 28 by 28 with 16 channels
template <class Program> constexpr int expanded_images(int functions) {
    int count = 0;
    for (int i = 0; i < Program::graph.node_count; ++i) {
        const auto& n = Program::graph.nodes[i];
        const bool named = Program::order.root[i] != i || Program::order.step_of[i] < 0;
        count += Program::order.stored[i] && !named && n.batched && n.shape.size() >= 28 * 28 * 16 * functions;
    }
    return count;
}
constexpr long bytes_of_all(int functions) { return 4L * 16 * 28 * 28 * 16 * functions; }

template <auto Layer> struct twice : network<(Layer >> Layer), shape<28, 28, 16>> {};
using splines = twice<kan_conv<16, 3, b_spline<5>, same, zeros_after>>;
using chebyshevs = twice<kan_conv<16, 3, chebyshev<3>, same, zeros_after>>;
using grams = twice<gram_conv<16, 3, 3, same>>;

// Going forward the functions are nowhere in the plan. (Of polynomials the first is 1, and no function.)
static_assert(expanded_images<inferred<splines>>(8) == 0);
static_assert(expanded_images<inferred<chebyshevs>>(3) == 0);
static_assert(expanded_images<inferred<grams>>(4) == 0);
static_assert(inferred<splines>::workspace_bytes < bytes_of_all(8));
// Going back there is one value as large: the gradients of the functions of the second layer, which it hands to the
// first one. Of the functions themselves nothing is kept; the input has no gradient here.
static_assert(expanded_images<trained<splines>>(8) == 1);
static_assert(expanded_images<trained<chebyshevs>>(3) == 1);
static_assert(trained<splines>::workspace_bytes < 2 * bytes_of_all(8) + inferred<splines>::workspace_bytes);
static_assert(trained<chebyshevs>::workspace_bytes < 2 * bytes_of_all(3) + inferred<chebyshevs>::workspace_bytes);

}  // namespace
