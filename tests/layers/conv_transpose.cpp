// conv_transpose: extents, parameters, and that it is conv's transpose.
#include <gtest/gtest.h>

#include <cmath>
#include <tessera/expression/chain.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/conv_transpose.hpp>

#include "../network_facts.hpp"
#include "evaluate.hpp"

namespace {

using namespace tessera;

struct line : network<(conv_transpose<6, 3, stride<2>>), shape<5, 4>> {};
static_assert(output_shape<line> == (extents{11, 6}));
static_assert(paths_are<line>({"weight", "bias"}));
static_assert(parameter_shape<line>("weight") == (extents{3, 6, 4}));
static_assert(line::macs == 5 * 3 * 4 * 6);

struct volume : network<(conv_transpose<2, 2, stride<2>, no_bias>), shape<3, 4, 5, 6>> {};
static_assert(output_shape<volume> == (extents{6, 8, 10, 2}));
static_assert(volume::parameter_count == 8 * 2 * 6);

struct doubled : network<(conv_transpose<3, 4, stride<2>, same>), shape<5, 7, 2>> {};
static_assert(output_shape<doubled> == (extents{10, 14, 3}));
struct wide_stride : network<(conv_transpose<3, 2, stride<3>, same>), shape<5, 2>> {};
static_assert(output_shape<wide_stride> == (extents{15, 3}));

struct dilated : network<(conv_transpose<3, 3, dilation<2>, pad<1, 0>>), shape<5, 2>> {};
static_assert(output_shape<dilated> == (extents{8, 3}));
struct uneven : network<(conv_transpose<3, 3, kernel<3, 2>, stride<2, 1>, output_pad<1, 0>>), shape<5, 6, 2>> {};
static_assert(output_shape<uneven> == (extents{12, 7, 3}));
static_assert(parameter_shape<uneven>("weight") == (extents{3, 2, 3, 2}));

struct grouped : network<(conv_transpose<6, 3, groups<2>>), shape<5, 4>> {};
static_assert(parameter_shape<grouped>("weight") == (extents{3, 3, 4}));

static_assert(!mistake<conv_transpose<6, 3>, 5>().expected.empty());
static_assert(mistake<conv_transpose<6, 3, groups<4>>, 5, 4>().expected.view() == "channels divisible by 4 groups");
static_assert(mistake<conv_transpose<6, 3, stride<2>, output_pad<2>>, 5, 4>().expected.view() ==
              "output padding below the stride 2");
static_assert(!mistake<conv_transpose<6, 3, pad<2>>, 2, 4>().expected.empty());
static_assert(mistake<conv_transpose<6, 3, pad<1>>, 2, 4>().expected.empty());

TEST(conv_transpose, spreads_each_element_over_a_window) {
    evaluation<network<(conv_transpose<1, 3, stride<2>, pad<1>, no_bias>), shape<3, 1>>> e;
    e.input() = {1, 10, 100};
    e.parameter("weight") = {2, 3, 5};
    e.run();
    EXPECT_EQ(e.output(), (numbers{3, 5 + 20, 30, 50 + 200, 300}));
}

// the sum of y conv(x) is the sum of conv_transpose(y) x, for the same weight
template <class Conv, class Transposed> void expect_transposes() {
    evaluation<Conv> forward;
    evaluation<Transposed> back;
    double k = 0;
    for (double& v : forward.input()) v = 0.3 * k++ - 2;
    for (double& v : forward.parameter("weight")) v = 0.7 - 0.1 * k++;
    back.parameter("weight") = forward.parameter("weight");
    for (double& v : back.input()) v = std::sin(k++);
    ASSERT_EQ(back.input().size(), forward.output().size());
    ASSERT_EQ(forward.input().size(), back.output().size());
    forward.run();
    back.run();
    double there = 0, here = 0;
    for (std::size_t i = 0; i < back.input().size(); ++i) there += back.input()[i] * forward.output()[i];
    for (std::size_t i = 0; i < forward.input().size(); ++i) here += back.output()[i] * forward.input()[i];
    EXPECT_NEAR(there, here, 1e-9 * (1 + (there < 0 ? -there : there)));
}

TEST(conv_transpose, is_the_transpose_of_conv) {
    expect_transposes<network<(conv<3, 3, stride<2>, no_bias>), shape<7, 9, 2>>,
                      network<(conv_transpose<2, 3, stride<2>, no_bias>), shape<3, 4, 3>>>();
    expect_transposes<
        network<(conv<4, 3, stride<2>, pad<1>, groups<2>, no_bias>), shape<8, 2>>,
        network<(conv_transpose<2, 3, stride<2>, pad<1>, groups<2>, output_pad<1>, no_bias>), shape<4, 4>>>();
    expect_transposes<network<(conv<3, 3, stride<2>, same, no_bias>), shape<8, 6, 2>>,
                      network<(conv_transpose<2, 3, stride<2>, same, no_bias>), shape<4, 3, 3>>>();
}

}  // namespace
