// sample and its gradients by vectors give what the reference does, on any number of threads, and touch nothing else.
#include <tessera/backend/simd/anchor/sample.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "../../../passes/evaluate.hpp"

namespace {

using namespace tessera;
using namespace tessera::detail;

// which operands each sample has of its own
struct setting {
    int rows, columns, channels, points;
    around outside;
    bool own_image, own_points;
};

constexpr int count = 3;

// images with a pixel that is not finite, coordinates inside, on and between pixels, outside, and unknown
template <class T> std::vector<T> image_of(int size) {
    std::vector<T> x;
    for (double v : scattered(size, 1)) x.push_back(static_cast<T>(v));
    return x;
}
template <class T> std::vector<T> coordinates_of(const setting& s, int samples, bool unknown) {
    constexpr T far_away[] = {T(1e30), T(-1e30), std::numeric_limits<T>::infinity(), T(3e9), T(-1), T(-0.25)};
    std::vector<T> at;
    const std::vector<double> random = scattered(samples * s.points * 2, 2);
    for (std::size_t k = 0; k < random.size(); ++k) {
        const double extent = k % 2 == 0 ? s.rows : s.columns, inside = (random[k] + 1) / 2 * (extent + 1) - 1;
        switch (k % 11) {
            case 3: at.push_back(static_cast<T>(std::floor(inside))); break;
            case 5: at.push_back(static_cast<T>(extent - 1)); break;
            case 7: at.push_back(far_away[k / 11 % 6]); break;
            default:
                at.push_back(unknown && k % 13 == 1 ? std::numeric_limits<T>::quiet_NaN() : static_cast<T>(inside));
        }
    }
    return at;
}

template <class T>
void expect_near(const std::vector<T>& found, const std::vector<T>& wanted, const setting& s, op kind) {
    ASSERT_EQ(found.size(), wanted.size());
    const double bound = std::is_same_v<T, float> ? 1e-5 : 1e-13;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const double w = static_cast<double>(wanted[i]), f = static_cast<double>(found[i]);
        ASSERT_TRUE(std::isfinite(w) ? std::abs(f - w) <= bound * (1 + std::abs(w))
                                     : std::isnan(w) == std::isnan(f) && (std::isnan(w) || w == f))
            << name_of(kind) << " of " << s.rows << " x " << s.columns << " x " << s.channels << ", " << s.points
            << " points, [" << i << "]: " << f << ", wanted " << w;
    }
}

// one operation on both
template <class T, op Kind> void expect_agreement(const graph& g, value y, std::vector<const T*> x, const setting& s) {
    using work = simd::anchor<simd::default_arch, T, Kind>;
    call<T> c;
    c.graph = g.view();
    c.self = &y.get();
    c.count = count;
    c.x = x.data();
    const auto size = static_cast<std::size_t>(c.elements());
    std::vector<T> wanted(size), found(size), shared_out(size);
    c.y = wanted.data();
    for (int i = 0; i < sample_operation::items(c); ++i) sample_operation::run(c, i);
    const auto run = [&](std::vector<T>& to) {
        std::vector<T> guarded(size + 2, T(-9));
        c.y = guarded.data() + 1;
        work::run(work::prepare(c.graph, *c.self), c, {}, nullptr);
        EXPECT_EQ(guarded.front(), T(-9));
        EXPECT_EQ(guarded.back(), T(-9));
        std::copy_n(c.y, size, to.data());
    };
    run(found);
    ASSERT_NO_FATAL_FAILURE(expect_near(found, wanted, s, Kind));
    simd::threads::set_count(3);
    run(shared_out);
    simd::threads::set_count(1);
    EXPECT_EQ(std::memcmp(shared_out.data(), found.data(), size * sizeof(T)), 0) << name_of(Kind);
}

template <class T> void expect_all(const setting& s, bool finite) {
    graph g;
    const auto operand = [&](const extents& shape, bool batched) {
        const value v = given(g, shape);
        g.nodes[static_cast<std::size_t>(v.id)].batched = batched;
        return v;
    };
    const value x = operand({s.rows, s.columns, s.channels}, s.own_image), at = operand({s.points, 2}, s.own_points);
    const value y = sample(x, at, s.outside), dy = operand(y.shape(), y.batched());
    const sample_attributes own{s.outside};
    const value dx = sample_node(op::sample_input, x.shape(), s.own_image, {dy, at}, own);
    const value d_at = sample_node(op::sample_coordinates, at.shape(), s.own_points, {x, at, dy}, own);
    ASSERT_FALSE(g.failed);
    std::vector<T> image = image_of<T>((s.own_image ? count : 1) * x.size());
    const std::vector<T> points = coordinates_of<T>(s, s.own_points ? count : 1, !finite);
    const std::vector<T> weights = image_of<T>((y.batched() ? count : 1) * y.size());
    if (!finite) image[image.size() / 2] = std::numeric_limits<T>::infinity();
    ASSERT_NO_FATAL_FAILURE((expect_agreement<T, op::sample>(g, y, {image.data(), points.data()}, s)));
    ASSERT_NO_FATAL_FAILURE((expect_agreement<T, op::sample_input>(g, dx, {weights.data(), points.data()}, s)));
    ASSERT_NO_FATAL_FAILURE(
        (expect_agreement<T, op::sample_coordinates>(g, d_at, {image.data(), points.data(), weights.data()}, s)));
}

template <class T> class sample_anchor_test : public testing::Test {};
using scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(sample_anchor_test, scalars);

TYPED_TEST(sample_anchor_test, any_number_of_channels) {
    for (const around outside : {around::zeros, around::border})
        for (const bool finite : {true, false})
            for (int channels : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33, 64, 70})
                ASSERT_NO_FATAL_FAILURE(expect_all<TypeParam>({5, 4, channels, 131, outside, true, true}, finite));
}

TYPED_TEST(sample_anchor_test, small_images_and_few_points) {
    for (const around outside : {around::zeros, around::border})
        for (int rows : {1, 2, 3})
            for (int columns : {1, 2, 7})
                for (int channels : {1, 3, 8})
                    for (int points : {1, 2, 9})
                        ASSERT_NO_FATAL_FAILURE(
                            expect_all<TypeParam>({rows, columns, channels, points, outside, true, true}, false));
}

TYPED_TEST(sample_anchor_test, what_all_samples_share) {
    for (const bool own_image : {true, false})
        for (const bool own_points : {true, false})
            for (int channels : {1, 3, 11})
                ASSERT_NO_FATAL_FAILURE(
                    expect_all<TypeParam>({4, 6, channels, 70, around::zeros, own_image, own_points}, true));
}

}  // namespace
