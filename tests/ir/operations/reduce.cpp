// Reductions over axes: those that keep their axes, minima, and softmax over any axis, on both backends against loops.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <tessera/train/gradient_check.hpp>
#include <vector>

#include "../../network_facts.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

// an axis of extent 1 among those that are reduced
inline constexpr auto reductions = [](value x) {  // (2, 1, 3, 4)
    return values{sum(x, axes(2), keep_axes),
                  mean(x, last, keep_axes),
                  max(x, axes(0, 1, 3), keep_axes),
                  min(x, axes(-2)),
                  min(x),
                  min(x, axes(0, 2), keep_axes),
                  batch_mean(x, leading, keep_axes),
                  x - mean(x, axes(0, -1), keep_axes)};
};
struct of_reductions : network<reductions, shape<2, 1, 3, 4>> {};
template <int Output>
constexpr extents of_output = of_reductions::table.nodes[of_reductions::table.outputs[Output]].shape;
static_assert(of_output<0> == extents{2, 1, 1, 4} && of_output<1> == extents{2, 1, 3, 1});
static_assert(of_output<2> == extents{1, 1, 3, 1} && of_output<3> == extents{2, 1, 4});
static_assert(of_output<4> == extents{} && of_output<5> == extents{1, 1, 1, 4} && of_output<6> == extents{1, 1, 1, 4});

// element i of an output
template <class Model> float element_of(const Model& m, int output, int i) {
    return m.output(output)[static_cast<std::size_t>(i)];
}

template <class Backend> struct reductions_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(reductions_on, backends);

constexpr int samples = 2, size = 24;
float at(const std::vector<float>& x, int s, int i, int j, int k) {
    return x[static_cast<std::size_t>(s * size + i * 12 + j * 4 + k)];
}

TYPED_TEST(reductions_on, keep_their_axes_or_not) {
    auto m = std::make_unique<model<of_reductions, TypeParam, batch<samples>>>();
    std::vector<float> x;
    for (int i = 0; i < samples * size; ++i) x.push_back(std::sin(static_cast<float>(7 * i)));
    (*m)(x);
    const auto output = [&](int which, int s, int i) {
        const int own = static_cast<int>(m->output(which).size()) / samples;
        return element_of(*m, which, s * own + i);
    };
    float over_batch[4] = {};
    for (int s = 0; s < samples; ++s) {
        float least = 2, of_columns[4] = {2, 2, 2, 2}, of_rows[3] = {-2, -2, -2}, means[3] = {};
        for (int i = 0; i < 2; ++i) {
            for (int k = 0; k < 4; ++k) {
                const float a = at(x, s, i, 0, k), b = at(x, s, i, 1, k), c = at(x, s, i, 2, k);
                EXPECT_NEAR(output(0, s, i * 4 + k), a + b + c, 1e-6F);
                EXPECT_EQ(output(3, s, i * 4 + k), std::min({a, b, c}));
                least = std::min({least, a, b, c});
                of_columns[k] = std::min({of_columns[k], a, b, c});
                over_batch[k] += (a + b + c) / (2 * 3 * samples);
            }
            for (int j = 0; j < 3; ++j) {
                const float a = at(x, s, i, j, 0), b = at(x, s, i, j, 1), c = at(x, s, i, j, 2), d = at(x, s, i, j, 3);
                EXPECT_NEAR(output(1, s, i * 3 + j), (a + b + c + d) / 4, 1e-6F);
                of_rows[j] = std::max({of_rows[j], a, b, c, d});
                means[j] += (a + b + c + d) / 8;
            }
        }
        for (int j = 0; j < 3; ++j) EXPECT_EQ(output(2, s, j), of_rows[j]);
        for (int k = 0; k < 4; ++k) EXPECT_EQ(output(5, s, k), of_columns[k]);
        EXPECT_EQ(output(4, s, 0), least);
        for (int e = 0; e < size; ++e)
            EXPECT_NEAR(output(7, s, e), at(x, s, e / 12, e / 4 % 3, e % 4) - means[e / 4 % 3], 1e-6F);
    }
    for (int k = 0; k < 4; ++k) EXPECT_NEAR(element_of(*m, 6, k), over_batch[k], 1e-6F);
}

TEST(reductions, have_exact_gradients) { EXPECT_LT(gradient_check<of_reductions>().error, 1e-6); }

// --- softmax over any axis

inline constexpr auto distributions = [](value x) {  // (3, 4, 2, 1)
    return values{softmax(x, 0), softmax(x, 1), log_softmax(x, -3), softmax(x, 2), softmax(x, 3), log_softmax(x, 0)};
};
struct of_distributions : network<distributions, shape<3, 4, 2, 1>> {};
// over axis 2 no copy: what follows has extent 1
inline constexpr auto over_the_third = [](value x) { return softmax(x, -2); };
struct uncopied : network<over_the_third, shape<3, 4, 2, 1>> {};
static_assert(count_of<uncopied>(op::permute) == 0);

TYPED_TEST(reductions_on, softmax_over_any_axis) {
    auto m = std::make_unique<model<of_distributions, TypeParam, batch<1>>>();
    std::vector<float> x;
    for (int i = 0; i < 24; ++i) x.push_back(3 * std::sin(static_cast<float>(5 * i)));
    (*m)(x);
    struct {
        int length, stride;
        bool logarithm;
    } const wanted[] = {{3, 8, false}, {4, 2, false}, {4, 2, true}, {2, 1, false}, {1, 1, false}, {3, 8, true}};
    for (int which = 0; which < 6; ++which) {
        const auto [length, stride, logarithm] = wanted[which];
        for (int i = 0; i < 24; ++i) {
            const int first = i - i / stride % length * stride;
            double total = 0;
            for (int k = 0; k < length; ++k) total += std::exp(x[static_cast<std::size_t>(first + k * stride)]);
            const double p = std::exp(x[static_cast<std::size_t>(i)]) / total;
            EXPECT_NEAR(element_of(*m, which, i), logarithm ? std::log(p) : p, 2e-6) << which << " at " << i;
        }
    }
}
TEST(softmax, has_an_exact_gradient_over_any_axis) { EXPECT_LT(gradient_check<of_distributions>().error, 1e-6); }

// a row that is hidden as a whole, and one that holds a NaN
TYPED_TEST(reductions_on, special_values_of_another_axis) {
    constexpr float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    auto m = std::make_unique<model<of_distributions, TypeParam, batch<1>>>();
    std::vector<float> x(24, 0.0F);
    for (std::size_t i : {0U, 8U, 16U}) x[i] = -inf;
    x[1] = nan;
    (*m)(x);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(element_of(*m, 0, 8 * i), 0);
        EXPECT_TRUE(std::isnan(element_of(*m, 0, 8 * i + 1)));
        EXPECT_FLOAT_EQ(element_of(*m, 0, 8 * i + 2), 1.0F / 3);
    }
}

template <int Axis> constexpr auto softmax_of = [](value x) { return softmax(x, Axis); };
template <int Axis> constexpr auto kept = [](value x) { return min(x, axes(Axis), keep_axes); };
static_assert(mistake<softmax_of<2>, 3, 4>().expected == "an axis 2" &&
              mistake<softmax_of<2>, 3, 4>().where == "softmax");
static_assert(mistake<softmax_of<-3>, 3, 4>().expected == "an axis -3");
static_assert(mistake<kept<2>, 3, 4>().expected == "axes that the value has");

TEST(reductions, of_a_nan) {
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    auto m = std::make_unique<model<of_reductions, backend::simd, batch<1>>>();
    std::vector<float> x(size, 1.0F);
    x[5] = nan;
    (*m)(x);
    EXPECT_TRUE(std::isnan(element_of(*m, 4, 0)));
    EXPECT_EQ(element_of(*m, 3, 0), 1);
    EXPECT_TRUE(std::isnan(element_of(*m, 3, 1)));
}

}  // namespace
