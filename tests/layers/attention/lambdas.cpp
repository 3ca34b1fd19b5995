// Lambda layers, and deformable convolutions: extents, parameters, laws.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <tessera/layers/attention/deformable_gate.hpp>
#include <tessera/layers/attention/lambda_convolution.hpp>
#include <tessera/train/gradient_check.hpp>

#include "../../expect_near.hpp"
#include "../../network_facts.hpp"
#include "../../waves.hpp"
#include "../evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

// --- lambda_attention, lambda_convolution

// one of the sixteen of a LambdaResNet-50: queries, keys, values, the two norms, the ways
constexpr int lambda_parameters(int d, int u, int ways) {
    return 64 * d + 16 * d * u + d * (d / 4) * u + 2 * 64 + 2 * (d / 4) * u + 16 * u * ways;
}
struct narrow : network<(lambda_convolution<64, 23>), shape<5, 4, 64>> {};
static_assert(narrow::parameter_count == lambda_parameters(64, 1, 23 * 23) &&
              output_shape<narrow> == (extents{5, 4, 64}));
static_assert(network<(lambda_convolution<64, 7, 4, 16, 4>), shape<5, 4, 64>>::parameter_count ==
              lambda_parameters(64, 4, 49));
static_assert(network<lambda_attention<64>, shape<5, 4, 64>>::parameter_count == lambda_parameters(64, 1, 9 * 7));
static_assert(parameter_shape<network<(lambda_attention<6, 2, 3>), shape<5, 4>>>("positions") == (extents{9, 1, 3}));
static_assert(mistake<(lambda_attention<6, 4>), 3, 4, 5>().expected.view() == "features divisible by 4 heads");
static_assert(!mistake<(lambda_convolution<6, 3, 2>), 3, 3, 4, 5>().expected.empty());

// what no position holds: a map for each pair of positions
template <class Net> constexpr int largest_value() {
    int most = 0;
    for (int i = 0; i < Net::table.node_count; ++i)
        if (const int size = Net::table.nodes[i].shape.size(); size > most) most = size;
    return most;
}
static_assert(largest_value<network<(lambda_convolution<4, 3, 2, 2>), shape<9, 9, 4>>>() < 81 * 81);

template <auto Layer, int... Shape> struct lambdas : network<Layer, shape<Shape...>> {};
template <class Net> void set(evaluation<Net>& e, double phase = 0) {
    e.input() = waves(e.input().size(), 0.3 + phase);
    double next = 1;
    for (const char* name : {"query", "key", "value", "query_norm.bias", "value_norm.weight"})
        e.parameter(name) = waves(e.parameter(name).size(), next++);
}
template <class Global, class Local> void expect_equal_lambdas() {
    evaluation<Global> global(phase::training, 2);
    evaluation<Local> local(phase::training, 2);
    set(global);
    set(local);
    ASSERT_EQ(global.parameter("positions").size(), local.parameter("positions").size());
    global.parameter("positions") = local.parameter("positions") = waves(local.parameter("positions").size(), 9);
    global.run();
    local.run();
    expect_near(global.output(), local.output());
    expect_near(global.gradient("positions"), local.gradient("positions"), 1e-11);
    expect_near(global.input_gradient(), local.input_gradient(), 1e-11);
    EXPECT_GT(std::abs(global.output()[0] - global.output()[1]), 1e-3);
}
TEST(lambda_convolution, that_sees_everything_is_lambda_attention) {
    expect_equal_lambdas<lambdas<lambda_attention<4, 2, 3, 2>, 3, 3, 5>,
                         lambdas<lambda_convolution<4, 5, 2, 3, 2>, 3, 3, 5>>();
    expect_equal_lambdas<lambdas<lambda_attention<4, 2, 3>, 4, 5>, lambdas<lambda_convolution<4, 7, 2, 3>, 4, 5>>();
}
// without what depends on the way the map is one for all positions, so positions with equal queries have equal results
TEST(lambda_attention, content_does_not_depend_on_the_query) {
    evaluation<lambdas<lambda_attention<4, 2, 3>, 3, 5>> e;
    set(e);
    for (std::size_t c = 0; c < 5; ++c) e.input()[10 + c] = e.input()[c];
    e.parameter("positions") = numbers(15, 0);
    e.run();
    for (std::size_t c = 0; c < 4; ++c) {
        EXPECT_NEAR(e.output()[c], e.output()[8 + c], 1e-14);
        EXPECT_GT(std::abs(e.output()[c] - e.output()[4 + c]), 1e-4);
    }
}

// --- deformable_conv

template <class... Options> inline constexpr auto deforms = deformable_conv<3, 3, pad<1>, Options...>;
using given_offsets = network<deforms<>, in<"x", shape<5, 6, 2>>, in<"offsets", shape<5, 6, 18>>>;
using plain = network<conv<3, 3, pad<1>>, shape<5, 6, 2>>;
static_assert(network<deforms<>, shape<5, 6, 2>>::parameter_count == 9 * 2 * 3 + 3 + 9 * 2 * 18 + 18);
static_assert(network<deforms<modulated, no_bias>, shape<5, 6, 2>>::parameter_count == 9 * 2 * 3 + 9 * 2 * 27 + 27);
static_assert(output_shape<network<deforms<stride<2>>, shape<5, 6, 2>>> == (extents{3, 3, 3}));
static_assert(!mistake<deforms<>, 5, 6>().expected.empty());
inline constexpr auto offsets_of_itself = [](value x) { return deforms<>(x, x); };
static_assert(mistake<offsets_of_itself, 5, 6, 2>().expected.view() == "offsets (5, 6, 18)");
static_assert(mistake<offsets_of_itself, 5, 6, 18>().expected.empty());

numbers convolved(const numbers& x) {
    evaluation<plain> e;
    e.input() = x;
    e.parameter("weight") = waves(54, 2);
    e.run();
    return e.output();
}
TEST(deformable_conv, without_offsets_is_a_convolution) {
    evaluation<given_offsets> given;
    evaluation<network<deforms<>, shape<5, 6, 2>>> own;
    given.input(0) = own.input() = waves(60, 0);
    given.input(1) = numbers(540, 0);
    given.parameter("weight") = own.parameter("weight") = waves(54, 2);
    given.run();
    own.run();
    const numbers wanted = convolved(own.input());
    expect_near(wanted, given.output());
    expect_near(wanted, own.output());
}
TEST(deformable_conv, with_whole_offsets_is_a_convolution_of_the_moved_image) {
    evaluation<given_offsets> e;
    e.input(0) = waves(60, 0);
    for (std::size_t k = 0; k < 540; ++k)
        e.input(1)[k] = k % 2 == 0 ? 1 : -2;  // from a row below and two columns before
    e.parameter("weight") = waves(54, 2);
    e.run();
    numbers moved(60, 0);
    for (int i = 0; i < 5; ++i)
        for (int j = 0; j < 6; ++j)
            for (int c = 0; c < 2; ++c)
                if (i + 1 < 5 && j - 2 >= 0)
                    moved[static_cast<std::size_t>((i * 6 + j) * 2 + c)] =
                        e.input(0)[static_cast<std::size_t>(((i + 1) * 6 + j - 2) * 2 + c)];
    const numbers wanted = convolved(moved);
    for (int i = 1; i < 4; ++i)  // further out the moved image ends, where the image does not
        for (int j = 1; j < 5; ++j)
            for (int o = 0; o < 3; ++o) {
                const auto k = static_cast<std::size_t>((i * 6 + j) * 3 + o);
                EXPECT_NEAR(wanted[k], e.output()[k], 1e-12) << i << " " << j;
            }
}
TEST(deformable_conv, sees_zeros_outside_and_half_of_the_border_half_a_pixel_away) {
    evaluation<network<deformable_conv<1, 1>, in<"x", shape<1, 3, 1>>, in<"offsets", shape<1, 3, 2>>>> e;
    e.input(0) = {2, 4, 8};
    e.input(1) = {0, -0.5, 0, 0.5, 0, 3};
    e.parameter("weight") = {1};
    e.run();
    EXPECT_EQ(e.output(), (numbers{1, 6, 0}));
}
TEST(deformable_conv, weighs_its_taps) {
    using weighed =
        network<deforms<>, in<"x", shape<5, 6, 2>>, in<"offsets", shape<5, 6, 18>>, in<"weights", shape<5, 6, 9>>>;
    evaluation<weighed> e;
    e.input(0) = waves(60, 0);
    e.input(1) = numbers(540, 0);
    e.input(2) = numbers(270, 0.5);
    e.parameter("weight") = waves(54, 2);
    e.run();
    numbers wanted = convolved(e.input(0));
    for (double& y : wanted) y *= 0.5;
    expect_near(wanted, e.output());
}

// --- deformable_gate

struct gated : network<deformable_gate<>, shape<4, 5, 10>> {};
static_assert(output_shape<gated> == (extents{4, 5, 10}));
static_assert(gated::parameter_count == 9 * 10 + 10 * 2 + 2 * 2 + (9 * 2 * 18 + 18) + (9 * 2 * 10 + 10) + 2 * 10);
static_assert(parameter_shape<network<deformable_gate<>, shape<4, 5, 3>>>("reduce") == (extents{3, 1}));
static_assert(!mistake<deformable_gate<>, 4, 5>().expected.empty());

TEST(deformable_gate, makes_nothing_larger) {
    evaluation<gated> e;
    e.input() = waves(200, 0);
    for (const char* name : {"reduce", "deformable_conv.weight", "deformable_conv.offset.bias"})
        e.parameter(name) = waves(e.parameter(name).size(), 1);
    e.run();
    for (std::size_t i = 0; i < 200; ++i) {
        EXPECT_LE(std::abs(e.output()[i]), std::abs(e.input()[i]));
        EXPECT_GE(e.output()[i] * e.input()[i], 0);
    }
    EXPECT_GT(std::abs(e.output()[7] / e.input()[7] - e.output()[38] / e.input()[38]), 1e-3);
}

// --- gradients

inline constexpr auto every_one = [](value x) {  // (3, 4, 5)
    return values{deformable_conv<4, 3, same, modulated>(x), deformable_gate<3, 0.5>(x),
                  lambda_convolution<4, 3, 2, 2>(x), lambda_attention<4, 2, 2>(x)};
};
struct every_net : network<every_one, shape<3, 4, 5>> {};
TEST(lambdas, have_exact_gradients) {
    const auto found = gradient_check<every_net>({.positions = 6});
    EXPECT_LT(found.error, 1e-6) << found.where << " " << found.index;
}

}  // namespace
