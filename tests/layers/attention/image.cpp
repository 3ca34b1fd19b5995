// Attention within images: LeViT's and that of windows.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tessera/backend/scalar/scalar.hpp>
#include <tessera/expression/branches.hpp>
#include <tessera/expression/chain.hpp>
#include <tessera/folded.hpp>
#include <tessera/layers/attention/levit_attention.hpp>
#include <tessera/layers/attention/windowed_attention.hpp>
#include <tessera/model.hpp>
#include <tessera/train/gradient_check.hpp>
#include <vector>

#include "../../network_facts.hpp"
#include "../../waves.hpp"

namespace {

using namespace tessera;

template <class Net> std::vector<double> result_of(const std::vector<double>& x) {
    model<Net, backend::scalar, batch<1>, double> m(1);
    std::ranges::copy(waves(m.parameters().size(), 2), m.parameters().begin());
    const auto y = m(x);
    return {y.begin(), y.end()};
}

// --- LeViT; the first stage of LeViT-128 and what follows it

struct stage : network<levit_attention<4, 16>, shape<14, 14, 128>> {};
static_assert(output_shape<stage> == (extents{14, 14, 128}));
static_assert(parameter_shape<stage>("bias").size() == 4 * 196);
static_assert(stage::parameter_count == 128 * 4 * 64 + 2 * 4 * 64 + 4 * 32 * 128 + 2 * 128 + 4 * 196);
struct shrinking : network<levit_shrink<256, 8, 16>, shape<14, 14, 128>> {};
static_assert(output_shape<shrinking> == (extents{7, 7, 256}));
static_assert(parameter_shape<shrinking>("bias").size() == 8 * 196);
static_assert(parameter_shape<shrinking>("value") == (extents{128, 8, 64}));
static_assert(output_shape<network<levit_shrink<5, 2, 3>, shape<7, 3, 4>>> == (extents{4, 2, 5}));
static_assert(!mistake<levit_attention<2, 3>, 5, 4>().expected.empty());

// a bias by distance is the same from either side: with equal queries and keys, an image in a mirror is one in a mirror
TEST(levit_attention, bias_is_the_same_both_ways) {
    using net = network<levit_attention<2, 3>, shape<3, 4, 2>>;
    const std::vector<double> x = waves(24, 1);
    const auto in_a_mirror = [](const std::vector<double>& image) {  // rows and columns from the end
        std::vector<double> y;
        for (std::size_t i = 0; i < 24; ++i) y.push_back(image[((2 - i / 8) * 4 + 3 - i / 2 % 4) * 2 + i % 2]);
        return y;
    };
    const std::vector<double> found = result_of<net>(in_a_mirror(x)), wanted = in_a_mirror(result_of<net>(x));
    for (std::size_t i = 0; i < 24; ++i) EXPECT_NEAR(found[i], wanted[i], 1e-12);
}

// its four norms vanish into the weights before them
TEST(levit_attention, folded_is_the_same) {
    struct whole : network<levit_attention<2, 3>, shape<3, 4, 2>> {};
    struct fused : folded<whole> {};
    model<whole, backend::scalar, batch<1>, double> m(1);
    model<fused, backend::scalar, batch<1>, double> f;
    std::ranges::copy(waves(m.parameters().size(), 2), m.parameters().begin());
    for (double& s : m.states()) s += 0.25;  // running means and variances
    fold(m, f);
    const std::vector<double> x = waves(24, 1);
    const auto wanted = m(x), found = f(x);
    for (std::size_t i = 0; i < 24; ++i) EXPECT_NEAR(found[i], wanted[i], 1e-12) << i;
    static_assert(program<fused, backend::scalar>::steps < program<whole, backend::scalar>::steps);
}

TEST(levit_attention, residual_begins_as_the_identity) {
    model<network<residual(levit_attention<2, 3>), shape<3, 4, 2>>, backend::scalar, batch<1>, double> m(1);
    const std::vector<double> x = waves(24, 1);
    const auto y = m(x);
    for (std::size_t i = 0; i < 24; ++i) EXPECT_EQ(y[i], x[i]);
}

// --- windows

struct windows : network<windowed_attention<7, 3>, shape<14, 21, 96>> {};
static_assert(output_shape<windows> == (extents{14, 21, 96}));
static_assert(windows::parameter_count == 4 * 96 * 96 + 3 * 169);
static_assert(windows::macs == 4.0 * 294 * 96 * 96 + 2.0 * 294 * 49 * 96);
struct moved : network<(windowed_attention<3, 2, shifted<2>, with_bias>), shape<6, 9, 4>> {};
static_assert(moved::parameter_count == 4 * 16 + 4 * 4 + 2 * 25);
static_assert(mistake<windowed_attention<3, 2>, 6, 8, 4>().expected.view() == "rows and columns divisible by 3");
static_assert(!mistake<windowed_attention<3, 3>, 6, 9, 4>().expected.empty());
struct sequence_windows : network<windowed_attention<4, 2>, shape<12, 6>> {};
static_assert(output_shape<sequence_windows> == (extents{12, 6}));
static_assert(sequence_windows::parameter_count == 4 * 36 + 2 * 7);
static_assert(mistake<windowed_attention<4, 2>, 6, 4>().expected.view() == "places divisible by 4");

// what a change of one place changes: the places of its window
template <class Net> std::vector<int> changed_by(std::size_t place) {
    std::vector<double> x = waves(24 * 4, 1);
    const std::vector<double> before = result_of<Net>(x);
    for (std::size_t c = 0; c < 4; ++c) x[place * 4 + c] += 1;
    const std::vector<double> after = result_of<Net>(x);
    std::vector<int> changed(24);
    for (std::size_t i = 0; i < after.size(); ++i)
        if (std::abs(after[i] - before[i]) > 1e-12) changed[i / 4] = 1;
    return changed;
}
TEST(windowed_attention, sees_its_window_alone) {
    EXPECT_EQ((changed_by<network<windowed_attention<2, 2>, shape<4, 6, 4>>>(9)),
              (std::vector<int>{0, 0, 1, 1, 0, 0,  //
                                0, 0, 1, 1, 0, 0,  //
                                0, 0, 0, 0, 0, 0,  //
                                0, 0, 0, 0, 0, 0}));
    using shifted_by_1 = network<windowed_attention<2, 2, shifted<1>>, shape<4, 6, 4>>;
    EXPECT_EQ((changed_by<shifted_by_1>(9)), (std::vector<int>{0, 0, 0, 0, 0, 0,  //
                                                               0, 0, 0, 1, 1, 0,  //
                                                               0, 0, 0, 1, 1, 0,  //
                                                               0, 0, 0, 0, 0, 0}));
    // at a corner the window goes around the image, and nothing is side by side
    EXPECT_EQ((changed_by<shifted_by_1>(0)), (std::vector<int>{1, 0, 0, 0, 0, 0,  //
                                                               0, 0, 0, 0, 0, 0,  //
                                                               0, 0, 0, 0, 0, 0,  //
                                                               0, 0, 0, 0, 0, 0}));
    EXPECT_EQ((changed_by<shifted_by_1>(1)), (std::vector<int>{0, 1, 1, 0, 0, 0,  //
                                                               0, 0, 0, 0, 0, 0,  //
                                                               0, 0, 0, 0, 0, 0,  //
                                                               0, 0, 0, 0, 0, 0}));
}

TEST(image_attention, gradients_are_those_of_central_differences) {
    EXPECT_LT((gradient_check<network<levit_shrink<2, 2, 3>, shape<3, 3, 2>>>({.positions = 30}).error), 1e-6);
    EXPECT_LT(
        (gradient_check<network<(windowed_attention<2, 1, shifted<1>>), shape<4, 4, 2>>>({.positions = 30}).error),
        1e-6);
}

}  // namespace
