// Extents and numbers of parameters of the layers of Kolmogorov and Arnold, and the mistakes that they report.
#include <gtest/gtest.h>

#include <tessera/expression/chain.hpp>
#include <tessera/layers/conv.hpp>
#include <tessera/layers/dense.hpp>
#include <tessera/layers/flatten.hpp>
#include <tessera/layers/kan.hpp>
#include <tessera/layers/pool.hpp>

#include "../../network_facts.hpp"

namespace {

using namespace tessera;

template <auto Layers, int... Size> inline constexpr long count_for = network<Layers, shape<Size...>>::parameter_count;

// an edge of a spline on G intervals has G + 5 numbers
static_assert(count_for<kan_dense<1, b_spline<5>>, 1> == 10 && count_for<kan_dense<1, b_spline<20>>, 1> == 25);
static_assert(count_for<kan_conv<1, 3, b_spline<5>>, 4, 4, 1> == 90);
static_assert(count_for<kan_dense<3, b_spline<5>, unscaled, no_base>, 4> == 3 * 4 * 8);

// the networks of the Convolutional KANs on 28 by 28
template <int G, int C, auto Head>
inline constexpr auto two_convs =
    kan_conv<5, 3, b_spline<G>> >> max_pool<2> >> kan_conv<C, 3, b_spline<G>> >> max_pool<2> >> flatten >> Head;
template <int G, int C, auto Head> inline constexpr long count_of_two = count_for<two_convs<G, C, Head>, 28, 28, 1>;
inline constexpr auto large_head = dense<100> >> dense<10>;
static_assert(count_of_two<5, 5, dense<10>> == 3960 && count_of_two<10, 5, dense<10>> == 5310);
static_assert(count_of_two<5, 10, dense<10>> == 7460 && count_of_two<10, 10, dense<10>> == 9935);
static_assert(count_of_two<20, 10, dense<10>> == 14885 && count_of_two<10, 10, large_head> == 33535);
static_assert(count_of_two<5, 5, kan_dense<10, b_spline<5, 3, 0.0, 1.0>>> == 15200);
static_assert(count_of_two<10, 10, kan_dense<10, b_spline<10, 3, 0.0, 1.0>>> == 44925);
static_assert(
    count_for<(conv<5, 3> >> max_pool<2> >> conv<5, 3> >> max_pool<2> >> flatten >> kan_dense<10, b_spline<10>>), 28,
              28, 1> == 19030);

// the convolutions of 16 channels to 32
static_assert(count_for<ka_conv<32, 3>, 6, 6, 16> == 41473);
static_assert(count_for<fast_ka_conv<32, 3>, 6, 6, 16> == 41472);
static_assert(count_for<chebyshev_conv<32, 3>, 6, 6, 16> == 18432);
static_assert(count_for<legendre_conv<32, 3>, 6, 6, 16> == 23040 && count_for<jacobi_conv<32, 3>, 6, 6, 16> == 23040 &&
              count_for<bernstein_conv<32, 3>, 6, 6, 16> == 23040);
static_assert(count_for<gram_conv<32, 3>, 6, 6, 16> == 23044);
static_assert(count_for<relu_ka_conv<32, 3>, 6, 6, 16> == 41728);
static_assert(count_for<gram_bottleneck_conv<32, 3>, 6, 6, 16> == 14596);
static_assert(count_for<wavelet_conv<32, 3>, 6, 6, 16> == 11328);
// an option in front of the published one replaces it
static_assert(count_for<gram_conv<32, 3, 3, normalised_by<instance_norm>>, 6, 6, 16> == 23044 + 64);
static_assert(count_for<gram_conv<32, 3, 5, groups<4>>, 6, 6, 16> == 9 * 4 * 32 * 7 + 6);
static_assert(count_for<gram_bottleneck_conv<64, 3, 3, groups<2>>, 6, 6, 32> ==
              9 * 16 * 64 + 2 * (16 * 16 + 9 * 16 * 16 * 4 + 16 * 32) + 4);
static_assert(count_for<wavelet_dense<3>, 5> == 4 * 15);

static_assert(output_shape<network<(kan_conv<8, 3, b_spline<5>, stride<2>, pad<1>>), shape<9, 8, 4>>> ==
              (extents{5, 4, 8}));
static_assert(output_shape<network<(gram_conv<8, 3, 3, same>), shape<2, 5, 4, 3>>> == (extents{2, 5, 4, 8}));
static_assert(output_shape<network<(gram_bottleneck_conv<8, 3, 3, same, stride<2>>), shape<7, 3>>> == (extents{4, 8}));
static_assert(output_shape<network<(wavelet_conv<4, 3, morlet, dilation<2>>), shape<7, 6, 2>>> == (extents{3, 2, 4}));
static_assert(output_shape<network<(kan_attention<gram_conv<4, 3, 3, same>, 4>), shape<3, 2, 6>>> ==
              (extents{3, 2, 6}));
static_assert(output_shape<network<gram_focal_modulation<2>, shape<5, 4, 3>>> == (extents{5, 4, 3}));
static_assert(parameter_shape<network<kan_conv<2, 3, b_spline<5>>, shape<4, 4, 3>>>("weight") ==
              (extents{3, 3, 3, 8, 2}));
static_assert(paths_are<network<kan_dense<3>, shape<2>>>({"weight", "scale", "base"}));
static_assert(parameter_shape<network<(kan_attention<gram_conv<4, 1, 3, same>, 4>), shape<2, 2, 6>>>("key.weight") ==
              (extents{1, 1, 4, 4, 4}));

static_assert(mistake<kan_conv<4, 3>, 8>().expected.view() == "(spatial..., channels), rank 2 to 4");
static_assert(mistake<kan_conv<4, 3, b_spline<5>, groups<2>>, 8, 8, 3>().expected.view() ==
              "channels divisible by 2 groups");
static_assert(!mistake<kan_conv<4, 9>, 8, 8, 3>().expected.empty());
static_assert(!mistake<kan_conv<4, 3, b_spline<5>, stride<1, 1, 1>>, 8, 8, 3>().expected.empty());
static_assert(mistake<kan_dense<4>, 2, 2, 2, 2, 2>().expected.view() == "features on the last axis");
static_assert(mistake<wavelet_dense<4>, 2, 2, 2, 2, 2>().expected.view() == "features on the last axis");
static_assert(!mistake<wavelet_conv<4, 9>, 8, 8, 3>().expected.empty());
static_assert(mistake<gram_bottleneck_conv<4, 3, 3, groups<2>>, 8, 8, 3>().expected.view() ==
              "channels divisible by 2 groups");
static_assert(!mistake<gram_bottleneck_conv<4, 9>, 8, 8, 3>().expected.empty());
static_assert(mistake<kan_attention<gram_conv<3, 3>>, 8, 8, 3>().expected.view() ==
              "a projection that keeps the shape");
static_assert(mistake<kan_attention<gram_conv<3, 3>>, 8>().expected.view() == "(spatial..., channels), rank 2 to 4");
static_assert(mistake<gram_focal_modulation<2>, 8>().expected.view() == "(spatial..., channels), rank 2 to 4");

}  // namespace
