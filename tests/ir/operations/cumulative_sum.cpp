// cumulative_sum: every option along every axis, on both backends against loops.
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

struct form {
    int axis;
    cumulative_sum_options options;
};
inline constexpr form forms[] = {{0, {}},           {1, {}},           {-1, {}}, {0, {true, false}}, {1, {false, true}},
                                 {2, {true, true}}, {3, {true, false}}};
inline constexpr auto sums = [](value x) {
    values y;
    for (const form& f : forms) y.push(cumulative_sum(x, f.axis, f.options));
    return y;
};
struct of_sums : network<sums, shape<3, 40, 2, 1>> {};
constexpr extents shape_of_sums{3, 40, 2, 1};

// element i of an output
template <class Model> float element_of(const Model& m, int output, int i) {
    return m.output(output)[static_cast<std::size_t>(i)];
}

template <class Backend> struct cumulative_sums_on : testing::Test {};
using backends = testing::Types<backend::scalar_on_heap, backend::simd>;
TYPED_TEST_SUITE(cumulative_sums_on, backends);

TYPED_TEST(cumulative_sums_on, along_every_axis) {
    auto m = std::make_unique<model<of_sums, TypeParam, batch<2>>>();
    constexpr int size = 240;
    std::vector<float> x;
    for (int i = 0; i < 2 * size; ++i) x.push_back(static_cast<float>((i * 37) % 101 - 50));  // sums are exact
    (*m)(x);
    for (int which = 0; which < 7; ++which) {
        const auto [axis, options] = forms[which];
        const int length = shape_of_sums[axis], stride = shape_of_sums.stride(axis);
        for (int i = 0; i < 2 * size; ++i) {
            const int t = i / stride % length;
            float wanted = 0;
            for (int u = 0; u < length; ++u)
                if ((options.reversed ? u > t : u < t) || (u == t && !options.exclusive))
                    wanted += x[static_cast<std::size_t>(i + (u - t) * stride)];
            EXPECT_EQ(element_of(*m, which, i), wanted) << which << " at " << i;
        }
    }
}

TYPED_TEST(cumulative_sums_on, a_nan_reaches_what_comes_after_it) {
    auto m = std::make_unique<model<of_sums, TypeParam, batch<1>>>();
    std::vector<float> x(240, 1.0F);
    x[2 * 10] = std::numeric_limits<float>::quiet_NaN();
    x[2 * 20] = std::numeric_limits<float>::infinity();
    x[1] = std::numeric_limits<float>::infinity();
    (*m)(x);
    for (int t = 0; t < 40; ++t) {
        EXPECT_EQ(std::isnan(element_of(*m, 1, 2 * t)), t >= 10) << t;
        EXPECT_EQ(element_of(*m, 1, 2 * t + 1), std::numeric_limits<float>::infinity()) << t;
    }
}

TEST(cumulative_sums, have_exact_gradients) { EXPECT_LT(gradient_check<of_sums>().error, 1e-6); }

// as exact at the end as at the beginning: plainly added, 2^18 times 0.1f is off by 1e-2 of it
inline constexpr auto counted = [](value x) { return slice(cumulative_sum(x, 0), 0, (1 << 18) - 1, 1); };
struct long_sum : network<counted, shape<1 << 18>> {};
TYPED_TEST(cumulative_sums_on, a_long_one_is_exact) {
    auto m = std::make_unique<model<long_sum, TypeParam, batch<1>>>();
    const auto y = (*m)(std::vector<float>(1 << 18, 0.1F));
    EXPECT_FLOAT_EQ(y[0], static_cast<float>(static_cast<double>(0.1F) * (1 << 18)));
}

inline constexpr auto before_each = [](value x) { return cumulative_sum(x, 0, {.exclusive = true}); };
struct of_four : network<before_each, shape<4>> {};
constexpr bool holds_while_compiling() {
    model<of_four, backend::scalar> m;
    const float x[] = {1, 2, 4, 8};
    const auto y = m(x);
    return y[0] == 0 && y[1] == 1 && y[2] == 3 && y[3] == 7;
}
static_assert(holds_while_compiling());

template <int Axis> inline constexpr auto along = [](value x) { return cumulative_sum(x, Axis); };
static_assert(mistake<along<2>, 3, 4>().expected == "an axis 2");
static_assert(mistake<along<-3>, 3, 4>().expected == "an axis -3" && mistake<along<-1>, 3, 4>().expected.empty());

// along the features a stream sums as the whole sequence does; along time it is refused
struct streams : network<along<1>, shape<5, 3>> {};
struct looks_ahead : network<along<0>, shape<5, 3>> {};
static_assert(!streams::graph_for<phase::streaming>::graph.failed);
static_assert(looks_ahead::graph_for<phase::streaming>::graph.failed);

}  // namespace
