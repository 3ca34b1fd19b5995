// Images read between their pixels, and both gradients; on both backends.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <tessera/backend/simd/simd.hpp>
#include <tessera/core.hpp>
#include <tessera/ir/operations/sample.hpp>
#include <tessera/train/gradient_check.hpp>
#include <tessera/train/gradients_of.hpp>
#include <tessera/train/loss/weighted_outputs.hpp>
#include <vector>

#include "../../network_facts.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

template <around Image> inline constexpr auto sampled = [](value x, value at) { return sample(x, at, Image); };
template <around Image, int H, int W, int C, int... Points>
struct reads : network<sampled<Image>, in<"image", shape<H, W, C>>, in<"at", shape<Points..., 2>>> {};

template <class Backend> struct sample_on : testing::Test {};
using backends = testing::Types<backend::scalar, backend::simd>;
TYPED_TEST_SUITE(sample_on, backends);

constexpr float infinity = std::numeric_limits<float>::infinity(), nan_of = std::numeric_limits<float>::quiet_NaN();

// two images of two rows and three columns: 1 to 6, and ten times as much
TYPED_TEST(sample_on, known_values) {
    static model<reads<around::zeros, 2, 3, 1, 6>, TypeParam, batch<2>> zeros;
    static model<reads<around::border, 2, 3, 1, 6>, TypeParam, batch<2>> border;
    const std::vector<float> image{1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60};
    const std::vector<float> points{0, 0, 1, 2, 0.5F, 0.5F, 0.25F, 1.75F, -0.5F, 0, 1.5F, 2.5F};
    std::vector<float> at = points;
    at.insert(at.end(), points.begin(), points.end());
    zeros(image, at);
    border(image, at);
    const float inside[] = {1, 6, 3, 3.5F}, beside_zeros[] = {0.5F, 1.5F}, beside_border[] = {1, 6};
    for (int s = 0; s < 2; ++s)
        for (int k = 0; k < 6; ++k) {
            const float scale = s == 0 ? 1 : 10;
            const auto i = static_cast<std::size_t>(s * 6 + k);
            EXPECT_EQ(zeros.output()[i], scale * (k < 4 ? inside[k] : beside_zeros[k - 4])) << k;
            EXPECT_EQ(border.output()[i], scale * (k < 4 ? inside[k] : beside_border[k - 4])) << k;
        }
}

TYPED_TEST(sample_on, any_coordinate_has_a_meaning) {
    using mode = gradients_of<weighted_outputs>;
    constexpr int count = 9;
    static model<reads<around::zeros, 2, 3, 1, count>, TypeParam, batch<1>, float, mode> zeros;
    static model<reads<around::border, 2, 3, 1, count>, TypeParam, batch<1>, float, mode> border;
    const std::vector<float> image{1, 2, 3, 4, 5, 6}, ones(count, 1.0F);
    const std::vector<float> at{infinity, 1, -infinity, 1, 1e30F, 0, -1e30F, 0, 0, 3e9F, 0, -1, 2, 0, 1, 2, 0, 0};
    const float of_border[count] = {5, 2, 4, 1, 3, 1, 4, 6, 1};
    zeros(image, at, ones);
    border(image, at, ones);
    for (std::size_t i = 0; i < count; ++i) {
        EXPECT_EQ(zeros.output()[i], i == 7 ? 6 : i == 8 ? 1 : 0) << i;
        EXPECT_EQ(border.output()[i], of_border[i]) << i;
    }
    // to the image, then to the coordinates: nothing comes from where nothing is read
    for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(zeros.gradient(0)[i], i == 0 || i == 5 ? 1 : 0) << i;
    for (std::size_t i = 0; i < 14; ++i) EXPECT_EQ(zeros.gradient(1)[i], 0) << i;
    EXPECT_EQ(zeros.gradient(1)[14], -6);  // from the last pixel into zeros
    EXPECT_EQ(zeros.gradient(1)[16], 3);
    EXPECT_EQ(zeros.gradient(1)[17], 1);
    const float to_image[] = {3, 1, 1, 2, 1, 1};
    for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(border.gradient(0)[i], to_image[i]) << i;
    for (std::size_t i = 0; i < count; ++i)
        EXPECT_EQ(border.gradient(1)[2 * i], i == 4 || i == 5 || i == 8 ? 3 : 0) << i;
}

TYPED_TEST(sample_on, not_a_number_stays_one) {
    using mode = gradients_of<weighted_outputs>;
    static model<reads<around::zeros, 2, 3, 1, 2>, TypeParam, batch<1>, float, mode> zeros;
    static model<reads<around::border, 1, 1, 1, 2>, TypeParam, batch<1>, float, mode> border;
    const std::vector<float> image{1, 2, 3, 4, 5, 6}, one{7}, at{nan_of, 1, 0, nan_of}, ones{1, 1};
    zeros(image, at, ones);
    border(one, at, ones);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_TRUE(std::isnan(zeros.output()[i])) << i;
        EXPECT_TRUE(std::isnan(border.output()[i])) << i;
    }
    for (std::size_t i = 0; i < 4; ++i) EXPECT_TRUE(std::isnan(zeros.gradient(1)[i])) << i;
}

// what is not read is not multiplied either
TYPED_TEST(sample_on, a_pixel_of_weight_0_is_not_read) {
    static model<reads<around::zeros, 2, 2, 1, 3>, TypeParam, batch<1>> m;
    m(std::vector<float>{1, infinity, 3, nan_of}, std::vector<float>{0, 0, 0.5F, 0, 0, 0.5F});
    EXPECT_EQ(m.output()[0], 1);
    EXPECT_EQ(m.output()[1], 2);
    EXPECT_EQ(m.output()[2], infinity);
}

// the formula of torch.nn.functional.grid_sample(align_corners=True), in double, for a grid of -1 to 1
double grid_sampled(const std::vector<float>& x, int h, int w, int c, double u, double v, int channel, bool border) {
    double row = (u + 1) / 2 * (h - 1), column = (v + 1) / 2 * (w - 1), sum = 0;
    if (border) {
        row = std::min(std::max(row, 0.0), h - 1.0);
        column = std::min(std::max(column, 0.0), w - 1.0);
    }
    for (int i = 0; i < h; ++i)
        for (int j = 0; j < w; ++j)
            sum += std::max(0.0, 1 - std::abs(row - i)) * std::max(0.0, 1 - std::abs(column - j)) *
                   static_cast<double>(x[static_cast<std::size_t>((i * w + j) * c + channel)]);
    return sum;
}

template <class Backend, around Image, int H, int W, int C> void expect_grid_sample() {
    constexpr int rows = 3, columns = 5, samples = 2;
    using net = reads<Image, H, W, C, rows, columns>;
    static_assert(net::table.nodes[net::table.node_count - 1].shape == extents{rows, columns, C});
    static model<net, Backend, batch<samples>> m;
    std::mt19937 engine(3);
    std::uniform_real_distribution<float> number(-1.4F, 1.4F);
    std::vector<float> x, at;
    std::vector<double> grid;
    for (int i = 0; i < samples * H * W * C; ++i) x.push_back(number(engine));
    for (int i = 0; i < samples * rows * columns * 2; ++i) {
        grid.push_back(static_cast<double>(number(engine)));
        at.push_back(static_cast<float>((grid.back() + 1) / 2 * ((i % 2 == 0 ? H : W) - 1)));
    }
    m(x, at);
    for (int s = 0; s < samples; ++s) {
        const std::vector<float> image(x.begin() + s * H * W * C, x.begin() + (s + 1) * H * W * C);
        for (int p = 0; p < rows * columns; ++p)
            for (int c = 0; c < C; ++c) {
                const auto g = static_cast<std::size_t>(2 * (s * rows * columns + p));
                const double want = grid_sampled(image, H, W, C, grid[g], grid[g + 1], c, Image == around::border);
                const auto k = static_cast<std::size_t>((s * rows * columns + p) * C + c);
                ASSERT_NEAR(static_cast<double>(m.output()[k]), want, 1e-5) << s << " " << p << " " << c;
            }
    }
}
TYPED_TEST(sample_on, agrees_with_the_formula_of_grid_sample) {
    expect_grid_sample<TypeParam, around::zeros, 4, 5, 3>();
    expect_grid_sample<TypeParam, around::border, 4, 5, 3>();
    expect_grid_sample<TypeParam, around::zeros, 1, 7, 17>();
    expect_grid_sample<TypeParam, around::border, 6, 1, 1>();
    expect_grid_sample<TypeParam, around::zeros, 1, 1, 2>();
}

// --- gradients: of each sample, and of what all samples share

inline constexpr auto placed = [](value at) { return 2 * at + 1.3; };
template <around Image>
inline constexpr auto differentiated = [](value x, value at) {  // (3, 4, 2), (2, 3, 2)
    const value image = parameter("image", {3, 4, 2}, initial::normal(1)).with(x);
    const value points = placed(parameter("points", {5, 2}, initial::normal(0.5)).with(x));
    return values{sample(x, placed(at), Image), sample(image, placed(at), Image), sample(x, points, Image),
                  sample(image, points, Image), sample(x, sample(image, points, Image), Image)};
};
template <around Image>
struct differentiates : network<differentiated<Image>, in<"image", shape<3, 4, 2>>, in<"at", shape<2, 3, 2>>> {};

TEST(sample, gradients_are_exact) {
    const auto zeros = gradient_check<differentiates<around::zeros>>({.positions = 64});
    EXPECT_LT(zeros.error, 1e-6) << zeros.where << " " << zeros.index;
    const auto border = gradient_check<differentiates<around::border>>({.positions = 64});
    EXPECT_LT(border.error, 1e-6) << border.where << " " << border.index;
}

// --- refused

inline constexpr auto at_two = [](value x) { return constant(*x.owner, 0) + slice(reshape(x, {-1}), 0, 0, 2); };
inline constexpr auto of_any_image = [](value x) { return sample(x, at_two(x)); };
static_assert(mistake<of_any_image, 3, 4, 2>().expected.empty());
static_assert(mistake<of_any_image, 3, 4>().expected == "an image (rows, columns, channels)");
inline constexpr auto of_any_points = [](value x) { return sample(reshape(x, {-1, 1, 1}), x); };
static_assert(mistake<of_any_points, 2>().expected.empty());
static_assert(mistake<of_any_points, 5, 3>().expected == "coordinates (..., 2), row and column");

}  // namespace
