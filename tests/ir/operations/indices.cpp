// What whole numbers and windows select: unfold, segment_sum, to_real; on both backends.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <tessera/train/gradient_check.hpp>
#include <vector>

#include "../../network_facts.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

// element i of an output
template <class Model> float element_of(const Model& m, int output, int i) {
    return m.output(output)[static_cast<std::size_t>(i)];
}

template <class Backend> struct selections_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(selections_on, backends);

// --- patches

constexpr window strided{.kernel = {1, 3, 2}, .stride = {1, 2, 1}, .before = {0, 1, 0}, .after = {0, 1, 1}};
constexpr window dilated{.kernel = {1, 1, 2}, .dilation = {1, 1, 3}};
inline constexpr auto patches = [](value image, value line) {  // (5, 4, 2), (6, 3)
    const value w = parameter("w", {3, 2, 2, 4}).with(image);
    const value seen = unfold(image, strided);  // (12, 6, 2)
    return values{seen, einsum("ptc,tcd->pd", seen, reshape(w, {6, 2, 4})),
                  reshape(convolution(image, w, strided), {12, 4}), unfold(line, dilated), unfold(line, {})};
};
struct of_patches : network<patches, in<"image", shape<5, 4, 2>>, in<"line", shape<6, 3>>> {};

TYPED_TEST(selections_on, what_a_window_sees) {
    auto m = std::make_unique<model<of_patches, TypeParam, batch<1>>>(5);
    std::vector<float> image, line;
    for (int i = 0; i < 40; ++i) image.push_back(static_cast<float>(i + 1));
    for (int i = 0; i < 18; ++i) line.push_back(static_cast<float>(i + 1));
    (*m)(image, line);
    int i = 0;
    for (int y = 0; y < 3; ++y)
        for (int x = 0; x < 4; ++x)
            for (int v = 0; v < 3; ++v)
                for (int u = 0; u < 2; ++u)
                    for (int c = 0; c < 2; ++c, ++i) {
                        const int row = 2 * y + v - 1, column = x + u;
                        const bool inside = row >= 0 && row < 5 && column < 4;
                        EXPECT_EQ(element_of(*m, 0, i),
                                  inside ? static_cast<float>((row * 4 + column) * 2 + c + 1) : 0);
                    }
    for (int k = 0; k < 48; ++k) EXPECT_NEAR(element_of(*m, 1, k), element_of(*m, 2, k), 1e-3F);
    for (int p = 0; p < 3; ++p)
        for (int tap = 0; tap < 2; ++tap)
            for (int c = 0; c < 3; ++c)
                EXPECT_EQ(element_of(*m, 3, p * 6 + tap * 3 + c), static_cast<float>((p + 3 * tap) * 3 + c + 1));
    for (int k = 0; k < 18; ++k) EXPECT_EQ(element_of(*m, 4, k), line[static_cast<std::size_t>(k)]);
}
TEST(patches, have_exact_gradients) { EXPECT_LT(gradient_check<of_patches>().error, 1e-6); }

template <int Kernel, int First>
inline constexpr auto seen_by = [](value x) { return unfold(x, {.kernel = {First, 1, Kernel}}); };
static_assert(mistake<seen_by<3, 1>, 3, 4>().expected.empty());
static_assert(mistake<seen_by<4, 1>, 3, 4>().expected == "a window that fits");
static_assert(mistake<seen_by<0, 1>, 3, 4>().expected == "a window that fits");
static_assert(mistake<seen_by<3, 2>, 3, 4>().expected == "a window along the axes that it has");
static_assert(mistake<seen_by<3, 1>, 3>().expected == "(positions..., channels), rank 2 to 4");

// --- segments, and numbers of indices

inline constexpr auto segments = [](value x, value index) {  // (5, 2), (5)
    const value table = parameter("table", {5, 2}).with(x);
    const value number = to_real(index);  // (5)
    return values{segment_sum(x, index, 3), segment_sum(sum(x, last), index, 4), segment_sum(table, index, 3),
                  segment_sum(x, index, 3) / reshape(maximum(segment_sum(number * 0 + 1, index, 3), 1), {3, 1}) * 2,
                  number * number};
};
struct of_segments : network<segments, in<"x", shape<5, 2>>, in<"index", shape<5>, int32>> {};

TYPED_TEST(selections_on, segments_and_numbers) {
    auto m = std::make_unique<model<of_segments, TypeParam, batch<2>>>(7);
    const std::vector<float> x{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5};
    const std::vector<std::int32_t> index{0, 2, 0, 2, 2, 1, 1, 1, 1, 1};
    (*m)(x, index);
    const std::vector<std::vector<float>> wanted = {{6, 8, 0, 0, 19, 22, 0, 0, 15, 15, 0, 0},
                                                    {14, 0, 41, 0, 0, 30, 0, 0}};
    for (int which = 0; which < 2; ++which)
        for (std::size_t i = 0; i < wanted[static_cast<std::size_t>(which)].size(); ++i)
            EXPECT_EQ(element_of(*m, which, static_cast<int>(i)), wanted[static_cast<std::size_t>(which)][i])
                << which << i;
    const auto table = m->parameters();
    EXPECT_FLOAT_EQ(element_of(*m, 2, 0), table[0] + table[4]);  // of one table for all samples
    EXPECT_NEAR(element_of(*m, 2, 6 + 3), table[1] + table[3] + table[5] + table[7] + table[9], 1e-5F);
    EXPECT_FLOAT_EQ(element_of(*m, 3, 4), 19.0F * 2 / 3);
    EXPECT_EQ(element_of(*m, 3, 2), 0);
    for (std::size_t i = 0; i < 10; ++i)
        EXPECT_EQ(element_of(*m, 4, static_cast<int>(i)), static_cast<float>(index[i] * index[i]));
}
TEST(segments, have_exact_gradients) {
    gradient_check_options options;
    options.indices = 3;
    EXPECT_LT(gradient_check<of_segments>(options).error, 1e-6);
}

// an index is the caller's to give within the segments that there are
TEST(segments_death, an_index_out_of_range_stops_the_program) {
    auto m = std::make_unique<model<of_segments, backend::scalar>>();
    EXPECT_DEATH((*m)(std::vector<float>(10), std::vector<std::int32_t>{0, 1, 2, 3, 0}), "3");
    EXPECT_DEATH((*m)(std::vector<float>(10), std::vector<std::int32_t>{0, 1, -1, 0, 0}), "-1");
}

// what they say of an input of another element or shape
template <auto Function> constexpr text said_of_indices() {
    graph g;
    node n;
    n.kind = op::input;
    n.batched = true;
    n.shape = {3, 4};
    const value x = add_node(g, n);
    n.type = element::int32;
    n.shape = {3};
    invoke(Function, values{x, add_node(g, n)});
    return g.problem.expected;
}
inline constexpr auto fitting = [](value x, value index) { return segment_sum(x, index, 2); };
inline constexpr auto of_reals = [](value x, value) { return segment_sum(x, x, 2); };
inline constexpr auto of_none = [](value x, value index) { return segment_sum(x, index, 0); };
inline constexpr auto too_few = [](value x, value index) { return segment_sum(permute(x, {1, 0}), index, 2); };
static_assert(said_of_indices<fitting>().empty());
static_assert(said_of_indices<of_reals>() == "an index of element int32");
static_assert(said_of_indices<of_none>() == "at least 1 segment");
static_assert(said_of_indices<too_few>() == "a segment for each row of (4, 3)");

}  // namespace
