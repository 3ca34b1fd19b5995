// Layers that only rearrange: reshape_to, permute_to, slice_axis, flatten.
#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/ir/operations/concatenate.hpp>
#include <tessera/ir/operations/reduce.hpp>
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

// operations on axes and extents that are not there
inline constexpr auto sum_of_axis_3 = [](value x) { return sum(x, axes(3)); };
inline constexpr auto sum_of_last_but_one = [](value x) { return sum(x, axes(-2)); };
inline constexpr auto joined_along_5 = [](value x) { return concatenate({x, x}, 5); };
inline constexpr auto joined_along_minus_4 = [](value x) { return concatenate({x, x}, -4); };
inline constexpr auto negative_extents = [](value x) { return reshape(x, {-2, -3}); };
inline constexpr auto two_open_extents = [](value x) { return reshape(x, {-1, -1, 6}); };
inline constexpr auto stretched_apart = [](value x) { return broadcast_to(x, {2, 4}, true); };
static_assert(mistake<sum_of_axis_3, 3, 4>().expected.view() == "axes that the value has");
static_assert(output_shape<network<sum_of_last_but_one, shape<3, 4>>> == extents{4});
static_assert(mistake<joined_along_5, 3, 4>().expected.view() == "an axis 5");
static_assert(!mistake<joined_along_minus_4, 3, 4>().expected.empty());
static_assert(mistake<negative_extents, 6>().expected.view() == "a shape of 6 elements");
static_assert(!mistake<two_open_extents, 6>().expected.empty());
static_assert(mistake<stretched_apart, 3>().expected.view() == "extents that stretch to (2, 4)");

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
