// Pooling layers: extents, adaptive windows, global pools.
#include <gtest/gtest.h>

#include <tessera/layers/pool.hpp>
#include <tessera/layers/pooling/adaptive_avg_pool.hpp>
#include <tessera/layers/pooling/adaptive_max_pool.hpp>
#include <tessera/layers/pooling/global_avg_pool.hpp>
#include <tessera/layers/pooling/global_max_pool.hpp>

#include "../network_facts.hpp"
#include "evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

static_assert(output_shape<network<max_pool<2>, shape<9, 8, 3>>> == (extents{4, 4, 3}));
static_assert(output_shape<network<(max_pool<3, stride<2>, pad<1>>), shape<9, 8, 3>>> == (extents{5, 4, 3}));
static_assert(output_shape<network<(avg_pool<3, stride<2>, same>), shape<9, 8, 3>>> == (extents{5, 4, 3}));
static_assert(output_shape<network<(avg_pool<2, kernel<1, 4>, stride<1, 4>>), shape<9, 8, 3>>> == (extents{9, 2, 3}));
static_assert(!mistake<max_pool<5>, 4, 8, 3>().expected.empty());

struct divides : network<(adaptive_avg_pool<3, 2>), shape<9, 8, 3>> {};
static_assert(output_shape<divides> == (extents{3, 2, 3}));
static_assert(count_of<divides>(op::average_pool) == 1 && count_of<divides>(op::resample) == 0);
struct does_not_divide : network<adaptive_avg_pool<4>, shape<9, 8, 3>> {};
static_assert(output_shape<does_not_divide> == (extents{4, 4, 3}));
static_assert(output_shape<network<adaptive_avg_pool<7>, shape<1, 1, 3>>> == (extents{7, 7, 3}));
static_assert(output_shape<network<(adaptive_max_pool<2, 3, 4>), shape<5, 6, 7, 3>>> == (extents{2, 3, 4, 3}));
static_assert(count_of<network<adaptive_max_pool<1>, shape<9, 8, 3>>>(op::max_pool) == 1);
static_assert(!mistake<adaptive_max_pool<2, 3>, 5, 3>().expected.empty());
static_assert(!mistake<adaptive_avg_pool<2>, 5>().expected.empty());

static_assert(output_shape<network<global_avg_pool, shape<9, 8, 3>>> == extents{3});
static_assert(output_shape<network<global_max_pool, shape<9, 3>>> == extents{3});
static_assert(!mistake<global_avg_pool, 5>().expected.empty());

template <auto Layer, class Shape> struct pooled {
    numbers y, gradient;
    explicit pooled(const numbers& x) {
        evaluation<network<Layer, Shape>> e;
        e.input() = x;
        e.run();
        y = e.output();
        gradient = e.input_gradient();
    }
};

TEST(adaptive_pool, windows_overlap_where_sizes_do_not_divide) {
    const pooled<adaptive_max_pool<3>, shape<5, 1>> largest({1, 5, 2, 4, 3});  // 0-1, 1-3, 3-4
    EXPECT_EQ(largest.y, (numbers{5, 5, 4}));
    EXPECT_EQ(largest.gradient, (numbers{0, 2, 0, 1, 0}));
    const pooled<adaptive_avg_pool<3>, shape<5, 1>> mean({1, 5, 3, 4, 3});
    EXPECT_EQ(mean.y, (numbers{3, 4, 3.5}));
}

TEST(adaptive_max_pool, joins_many_windows) {
    const pooled<adaptive_max_pool<7>, shape<8, 1>> p({8, 7, 6, 5, 4, 3, 2, 1});
    EXPECT_EQ(p.y, (numbers{8, 7, 6, 5, 4, 3, 2}));
}

TEST(pool, padding_is_counted_or_not_and_never_the_largest) {
    EXPECT_EQ((pooled<avg_pool<3, stride<1>, pad<1>>, shape<3, 1>>({3, 6, 9}).y), (numbers{3, 6, 5}));
    EXPECT_EQ((pooled<avg_pool<3, stride<1>, pad<1>, padding_not_counted>, shape<3, 1>>({3, 6, 9}).y),
              (numbers{4.5, 6, 7.5}));
    EXPECT_EQ((pooled<max_pool<3, stride<1>, pad<1>>, shape<3, 1>>({-3, -6, -9}).y), (numbers{-3, -3, -6}));
}

TEST(global_max_pool, shares_the_gradient_among_ties) {
    EXPECT_EQ((pooled<global_max_pool, shape<4, 1>>({1, 3, 3, 2}).gradient), (numbers{0, 0.5, 0.5, 0}));
}

}  // namespace
