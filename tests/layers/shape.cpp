// Layers that only rearrange: reshape_to, permute_to, slice_axis, flatten.
#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/permute_to.hpp>
#include <tessera/layers/reshape_to.hpp>
#include <tessera/layers/slice_axis.hpp>

#include "../network_facts.hpp"
#include "evaluate.hpp"

namespace {

using namespace tessera;

static_assert(output_shape<network<flatten, shape<3, 4, 5>>> == extents{60});
static_assert(output_shape<network<(reshape_to<6, -1>), shape<3, 4, 5>>> == (extents{6, 10}));
static_assert(output_shape<network<(reshape_to<5, 4, 3>), shape<3, 4, 5>>> == (extents{5, 4, 3}));
static_assert(output_shape<network<(permute_to<2, 0, 1>), shape<3, 4, 5>>> == (extents{5, 3, 4}));
static_assert(output_shape<network<(slice_axis<-1, 1, 3>), shape<3, 4, 5>>> == (extents{3, 4, 3}));
static_assert(output_shape<network<(slice_axis<1, 1, 2, 2>), shape<3, 4, 5>>> == (extents{3, 2, 5}));

static_assert(mistake<reshape_to<7, -1>, 3, 4>().expected.view() == "a shape of 12 elements");
static_assert(!mistake<permute_to<0, 0>, 3, 4>().expected.empty());
static_assert(mistake<slice_axis<2, 0, 1>, 3, 4>().expected.view() == "an axis 2");
static_assert(!mistake<slice_axis<-3, 0, 1>, 3, 4>().expected.empty());
static_assert(!mistake<slice_axis<0, 2, 2>, 3, 4>().expected.empty());
static_assert(mistake<slice_axis<-2, 1, 2>, 3, 4>().expected.empty());

template <auto Layer, class Shape> numbers moved() {
    evaluation<network<Layer, Shape>> e;
    for (std::size_t i = 0; i < e.input().size(); ++i) e.input()[i] = static_cast<double>(i);
    e.run();
    return e.output();
}

TEST(permute_to, transposes) { EXPECT_EQ((moved<permute_to<1, 0>, shape<2, 3>>()), (numbers{0, 3, 1, 4, 2, 5})); }
TEST(reshape_to, keeps_the_order) {
    EXPECT_EQ((moved<(reshape_to<3, 2> >> flatten), shape<2, 3>>()), (numbers{0, 1, 2, 3, 4, 5}));
}
TEST(slice_axis, takes_every_step) {
    EXPECT_EQ((moved<slice_axis<1, 1, 2, 2>, shape<2, 4>>()), (numbers{1, 3, 5, 7}));
    EXPECT_EQ((moved<slice_axis<0, 1, 1>, shape<2, 4>>()), (numbers{4, 5, 6, 7}));
}

}  // namespace
