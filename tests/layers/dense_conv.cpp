// dense, conv, depthwise_conv, embedding: extents, parameters, costs, and the mistakes they report.
#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/embedding.hpp>

#include "../network_facts.hpp"
#include "evaluate.hpp"

namespace {

using namespace tessera;

struct affine : network<dense<3>, shape<4, 5>> {};
static_assert(output_shape<affine> == (extents{4, 3}));
static_assert(paths_are<affine>({"weight", "bias"}));
static_assert(parameter_shape<affine>("weight") == (extents{5, 3}));
static_assert(affine::macs == 60);
static_assert(affine::table.parameters[0].decays && !affine::table.parameters[1].decays);
static_assert(affine::table.parameters[0].start == initial::kaiming(5));
static_assert(network<(dense<3, no_bias>), shape<5>>::parameter_count == 15);
static_assert(output_shape<network<dense<3>, shape<2, 3, 4, 5>>> == (extents{2, 3, 4, 3}));
static_assert(!mistake<dense<3>>().expected.empty());

struct image : network<(conv<8, 3, stride<2>, pad<1>>), shape<9, 8, 4>> {};
static_assert(output_shape<image> == (extents{5, 4, 8}));
static_assert(parameter_shape<image>("weight") == (extents{3, 3, 4, 8}));
static_assert(image::macs == 5 * 4 * 9 * 4 * 8);
static_assert(output_shape<network<(conv<8, 3, kernel<1, 5>, same>), shape<9, 8, 4>>> == (extents{9, 8, 8}));
static_assert(output_shape<network<(conv<8, 3, pad_axes<1, 0, 0, 2>>), shape<9, 8, 4>>> == (extents{8, 8, 8}));
static_assert(parameter_shape<network<(conv<8, 3, groups<4>>), shape<9, 8, 4>>>("weight") == (extents{3, 3, 1, 8}));
static_assert(output_shape<network<(depthwise_conv<3, 2, same>), shape<9, 8, 4>>> == (extents{9, 8, 8}));
static_assert(network<(depthwise_conv<3, 2, no_bias>), shape<9, 8, 4>>::parameter_count == 72);
static_assert(mistake<conv<8, 3, groups<3>>, 9, 8, 4>().expected.view() == "channels divisible by 3 groups");
static_assert(!mistake<conv<8, 10>, 9, 8, 4>().hint.empty());
static_assert(mistake<conv<8, 10, pad<1>>, 9, 8, 4>().expected.empty());

struct words : network<(embedding<10, 4>), in<"tokens", shape<6>, int32>> {};
static_assert(output_shape<words> == (extents{6, 4}));
static_assert(paths_are<words>({"weight"}) && words::parameter_count == 40);
static_assert(words::table.parameters[0].start == initial::normal(1));
static_assert(mistake<embedding<10, 4>, 6>().expected.view() == "an index of element int32");

TEST(embedding, copies_rows_and_adds_their_gradients_up) {
    evaluation<network<(embedding<3, 2>), in<"tokens", shape<2>, int32>>> e(phase::inference, 2);
    e.index() = {2, 0, 2, 2};
    e.parameter("weight") = {1, 2, 3, 4, 5, 6};
    e.run();
    EXPECT_EQ(e.output(), (numbers{5, 6, 1, 2, 5, 6, 5, 6}));
    EXPECT_EQ(e.gradient("weight"), (numbers{1, 1, 0, 0, 3, 3}));
}

TEST(dense, adds_the_gradients_of_all_positions_and_samples) {
    evaluation<network<dense<1>, shape<2, 1>>> e(phase::inference, 2);
    e.input() = {1, 2, 3, 4};
    e.parameter("weight") = {10};
    e.parameter("bias") = {1};
    e.run();
    EXPECT_EQ(e.output(), (numbers{11, 21, 31, 41}));
    EXPECT_EQ(e.gradient("weight"), (numbers{10}));
    EXPECT_EQ(e.gradient("bias"), (numbers{4}));
}

}  // namespace
