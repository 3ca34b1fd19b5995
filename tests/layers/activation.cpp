// Activations: shapes, parameters, and values and gradients far from 0, where a careless formula overflows.
#include <gtest/gtest.h>

#include <cmath>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/activation/elu.hpp>
#include <tessera/layers/activation/gelu.hpp>
#include <tessera/layers/activation/gelu_tanh.hpp>
#include <tessera/layers/activation/hard_sigmoid.hpp>
#include <tessera/layers/activation/hard_swish.hpp>
#include <tessera/layers/activation/leaky_relu.hpp>
#include <tessera/layers/activation/log_softmax.hpp>
#include <tessera/layers/activation/mish.hpp>
#include <tessera/layers/activation/prelu.hpp>
#include <tessera/layers/activation/relu6.hpp>
#include <tessera/layers/activation/selu.hpp>
#include <tessera/layers/activation/sigmoid.hpp>
#include <tessera/layers/activation/silu.hpp>
#include <tessera/layers/activation/softmax.hpp>
#include <tessera/layers/activation/softplus.hpp>

#include "../network_facts.hpp"
#include "evaluate.hpp"

namespace {

using namespace tessera;

struct every_activation : network<(relu6 >> elu<> >> selu >> gelu >> gelu_tanh >> silu >> mish >> softplus >> sigmoid >>
                                   hard_sigmoid >> hard_swish >> leaky_relu<0.2> >> softmax >> log_softmax),
                                  shape<3, 2, 5>> {};
static_assert(output_shape<every_activation> == extents{3, 2, 5});
static_assert(every_activation::parameter_count == 0);

struct learnt_slope : network<prelu, shape<4, 4, 7>> {};
static_assert(output_shape<learnt_slope> == extents{4, 4, 7});
static_assert(paths_are<learnt_slope>({"weight"}));
static_assert(parameter_shape<learnt_slope>("weight") == extents{7});
static_assert(learnt_slope::table.parameters[0].start == initial::constant(0.25));
static_assert(!learnt_slope::table.parameters[0].decays);
static_assert(!mistake<prelu>().expected.empty());

// one activation at one place: its value and its slope
template <class Net> struct at {
    double y, dy;
    explicit at(double x) {
        evaluation<Net> e;
        e.input() = {x};
        e.run();
        y = e.output()[0];
        dy = e.input_gradient()[0];
    }
};
template <auto Activation> struct scalar : network<Activation, shape<1>> {};

template <auto Activation> void expect(double x, double y, double dy) {
    const at<scalar<Activation>> found(x);
    EXPECT_NEAR(found.y, y, 1e-12 * (1 + std::abs(y))) << "at " << x;
    EXPECT_NEAR(found.dy, dy, 1e-12) << "slope at " << x;
}

TEST(activation, is_linear_or_flat_far_above_zero) {
    expect<elu<>>(1000, 1000, 1);
    expect<gelu>(1000, 1000, 1);
    expect<tessera::gelu_tanh>(1000, 1000, 1);
    expect<silu>(1000, 1000, 1);
    expect<mish>(1000, 1000, 1);
    expect<softplus>(1000, 1000, 1);
    expect<sigmoid>(1000, 1, 0);
    expect<hard_sigmoid>(1000, 1, 0);
    expect<hard_swish>(1000, 1000, 1);
    expect<relu6>(1000, 6, 0);
    expect<leaky_relu<>>(1000, 1000, 1);
    expect<selu>(1000, 1050.7009873554805, 1.0507009873554805);
}

TEST(activation, levels_off_far_below_zero) {
    expect<elu<0.5>>(-1000, -0.5, 0);
    expect<gelu>(-1000, 0, 0);
    expect<tessera::gelu_tanh>(-1000, 0, 0);
    expect<silu>(-1000, 0, 0);
    expect<mish>(-1000, 0, 0);
    expect<softplus>(-1000, 0, 0);
    expect<sigmoid>(-1000, 0, 0);
    expect<hard_sigmoid>(-1000, 0, 0);
    expect<hard_swish>(-1000, 0, 0);
    expect<relu6>(-1000, 0, 0);
    expect<leaky_relu<0.25>>(-1000, -250, 0.25);
    expect<selu>(-1000, -1.7580993408473766, 0);
}

TEST(activation, has_the_expected_slope_at_zero) {
    expect<elu<0.5>>(0, 0, 0.5);
    expect<gelu>(0, 0, 0.5);
    expect<silu>(0, 0, 0.5);
    expect<mish>(0, 0, 0.6);
    expect<softplus>(0, std::log(2.0), 0.5);
    expect<sigmoid>(0, 0.5, 0.25);
    expect<hard_sigmoid>(0, 0.5, 1.0 / 6);
    expect<leaky_relu<0.25>>(0, 0, 0.25);
}

TEST(activation, softplus_and_mish_are_smooth_where_they_change_their_form) {
    for (const double x : {19.99, 20.01, 39.9, 40.0, 40.1}) {
        expect<softplus>(x, x + std::log1p(std::exp(-x)), 1 / (1 + std::exp(-x)));
        const double t = std::tanh(x + std::log1p(std::exp(-x)));
        expect<mish>(x, x * t, t + x * (1 - t * t) / (1 + std::exp(-x)));
    }
}

TEST(activation, small_values_keep_their_digits) {
    const double x = -40;
    EXPECT_NEAR(at<scalar<softplus>>(x).y / std::exp(x), 1, 1e-12);
    EXPECT_NEAR(at<scalar<mish>>(x).y / (x * std::exp(x)), 1, 1e-12);
    EXPECT_NEAR(at<scalar<silu>>(x).y / (x * std::exp(x)), 1, 1e-12);
}

TEST(activation, leaky_relu_may_be_steeper_below_zero_or_turn_around) {
    expect<leaky_relu<3.0>>(-2, -6, 3);
    expect<leaky_relu<3.0>>(2, 2, 1);
    expect<leaky_relu<-1.0>>(-2, 2, -1);
}

TEST(activation, softmax_ignores_a_common_shift) {
    evaluation<network<softmax, shape<3>>> plain, shifted;
    plain.input() = {1, 2, 3};
    shifted.input() = {-1001, -1000, -999};
    plain.run();
    shifted.run();
    double total = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_NEAR(plain.output()[i], shifted.output()[i], 1e-14);
        total += plain.output()[i];
    }
    EXPECT_NEAR(total, 1, 1e-14);
}

TEST(activation, log_softmax_is_the_logarithm_where_softmax_vanishes) {
    evaluation<network<log_softmax, shape<2>>> e;
    e.input() = {0, -2000};
    e.run();
    EXPECT_EQ(e.output()[0], 0);
    EXPECT_EQ(e.output()[1], -2000);
}

TEST(activation, prelu_starts_as_a_leaky_relu_of_one_quarter) { expect<prelu>(-2, -0.5, 0.25); }

}  // namespace
