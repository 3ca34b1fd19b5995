// Resampling layers: extents, and values on small images.
#include <gtest/gtest.h>

#include <tessera/layers/resampling/pixel_shuffle.hpp>
#include <tessera/layers/resampling/resize_bilinear.hpp>
#include <tessera/layers/resampling/upsample_bilinear.hpp>
#include <tessera/layers/resampling/upsample_nearest.hpp>

#include "../network_facts.hpp"
#include "evaluate.hpp"

namespace {

using namespace tessera;

static_assert(output_shape<network<upsample_nearest<3>, shape<4, 2>>> == (extents{12, 2}));
static_assert(output_shape<network<upsample_nearest<2>, shape<4, 3, 2>>> == (extents{8, 6, 2}));
static_assert(output_shape<network<upsample_nearest<2>, shape<2, 3, 4, 5>>> == (extents{4, 6, 8, 5}));
static_assert(output_shape<network<upsample_bilinear<3>, shape<4, 3, 2>>> == (extents{12, 9, 2}));
static_assert(output_shape<network<(resize_bilinear<7, 2>), shape<4, 3, 2>>> == (extents{7, 2, 2}));
static_assert(output_shape<network<pixel_shuffle<2>, shape<4, 3, 8>>> == (extents{8, 6, 2}));

static_assert(!mistake<upsample_nearest<2>, 4>().expected.empty());
static_assert(!mistake<upsample_bilinear<2>, 4, 3>().expected.empty());
static_assert(mistake<pixel_shuffle<2>, 4, 3, 6>().expected.view() == "channels divisible by 4");

template <auto Layer, class Shape> numbers enlarged(const numbers& x) {
    evaluation<network<Layer, Shape>> e;
    e.input() = x;
    e.run();
    return e.output();
}

TEST(upsample_nearest, repeats_along_every_axis) {
    EXPECT_EQ((enlarged<upsample_nearest<2>, shape<2, 2, 1>>({1, 2, 3, 4})),
              (numbers{1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4}));
    EXPECT_EQ((enlarged<upsample_nearest<2>, shape<1, 1, 2, 1>>({1, 2})),
              (numbers{1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2}));
}

TEST(resize_bilinear, keeps_borders_or_corners) {
    EXPECT_EQ((enlarged<resize_bilinear<1, 4>, shape<1, 2, 1>>({0, 4})), (numbers{0, 1, 3, 4}));
    EXPECT_EQ((enlarged<resize_bilinear<1, 5, align_corners>, shape<1, 2, 1>>({0, 4})), (numbers{0, 1, 2, 3, 4}));
    EXPECT_EQ((enlarged<resize_bilinear<1, 2>, shape<1, 2, 1>>({0, 4})), (numbers{0, 4}));
}

TEST(pixel_shuffle, lays_channels_out_as_tiles) {
    EXPECT_EQ((enlarged<pixel_shuffle<2>, shape<1, 2, 4>>({0, 1, 2, 3, 4, 5, 6, 7})),
              (numbers{0, 1, 4, 5, 2, 3, 6, 7}));
}

}  // namespace
