// Padding layers: extents, and what stands at the borders.
#include <gtest/gtest.h>

#include <tessera/layers/padding/circular_pad.hpp>
#include <tessera/layers/padding/reflect_pad.hpp>
#include <tessera/layers/padding/replicate_pad.hpp>
#include <tessera/layers/padding/zero_pad.hpp>

#include "../network_facts.hpp"
#include "evaluate.hpp"

namespace {

using namespace tessera;

static_assert(output_shape<network<zero_pad<2>, shape<3, 4, 5>>> == (extents{7, 8, 5}));
static_assert(output_shape<network<(zero_pad<1, 2>), shape<3, 4, 5>>> == (extents{6, 4, 5}));
static_assert(output_shape<network<(reflect_pad<1, 2, 3, 0>), shape<3, 4, 5>>> == (extents{6, 7, 5}));
static_assert(output_shape<network<circular_pad<3>, shape<3, 5>>> == (extents{9, 5}));

static_assert(mistake<reflect_pad<3>, 3, 5>().expected.view() == "padding of at most 2");
static_assert(mistake<circular_pad<4>, 3, 5>().expected.view() == "padding of at most 3");
static_assert(mistake<replicate_pad<9>, 3, 5>().expected.empty());
static_assert(!mistake<zero_pad<1, 1, 1, 1>, 3, 5>().expected.empty());
static_assert(!mistake<zero_pad<1>, 3>().expected.empty());

template <auto Pad> struct padded_line {
    numbers y, gradient;
    padded_line() {
        evaluation<network<Pad, shape<3, 1>>> e;
        e.input() = {1, 2, 3};
        e.run();
        y = e.output();
        gradient = e.input_gradient();
    }
};

TEST(padding, copies_by_its_rule_and_adds_the_gradients_up) {
    const padded_line<zero_pad<1, 2>> zero;
    EXPECT_EQ(zero.y, (numbers{0, 1, 2, 3, 0, 0}));
    EXPECT_EQ(zero.gradient, (numbers{1, 1, 1}));
    const padded_line<reflect_pad<2, 1>> reflected;
    EXPECT_EQ(reflected.y, (numbers{3, 2, 1, 2, 3, 2}));
    EXPECT_EQ(reflected.gradient, (numbers{1, 3, 2}));
    const padded_line<replicate_pad<2, 3>> replicated;
    EXPECT_EQ(replicated.y, (numbers{1, 1, 1, 2, 3, 3, 3, 3}));
    EXPECT_EQ(replicated.gradient, (numbers{3, 1, 4}));
    const padded_line<circular_pad<2, 1>> wrapped;
    EXPECT_EQ(wrapped.y, (numbers{2, 3, 1, 2, 3, 1}));
    EXPECT_EQ(wrapped.gradient, (numbers{2, 2, 2}));
}

}  // namespace
