#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <tessera/data/augment/random_rotation.hpp>
#include <vector>

namespace {

using tessera::image_extents;

std::vector<float> rotated(std::vector<float> image, image_extents extents, float degrees, float fill = 0) {
    tessera::rotate_image(image, extents, degrees, fill);
    return image;
}

void expect_near(const std::vector<float>& found, const std::vector<float>& wanted) {
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(found[i], wanted[i], 1e-4) << i;
}

TEST(random_rotation, by_right_angles_permutes_the_pixels) {
    const std::vector<float> image{1, 2, 3, 4, 5, 6, 7, 8, 9};
    expect_near(rotated(image, {3, 3, 1}, 0), image);
    expect_near(rotated(image, {3, 3, 1}, 90), {3, 6, 9, 2, 5, 8, 1, 4, 7});  // counter-clockwise
    expect_near(rotated(image, {3, 3, 1}, -90), {7, 4, 1, 8, 5, 2, 9, 6, 3});
    expect_near(rotated(image, {3, 3, 1}, 180), {9, 8, 7, 6, 5, 4, 3, 2, 1});
    expect_near(rotated({1, 10, 2, 20}, {1, 2, 2}, 180), {2, 20, 1, 10});  // channels stay together
}

TEST(random_rotation, interpolates_a_plane_exactly) {
    // Bilinear interpolation reproduces the plane 3 x + 5 y wherever the four neighbours lie within the image.
    constexpr std::size_t n = 9;
    std::vector<float> plane(n * n);
    for (std::size_t i = 0; i < plane.size(); ++i) plane[i] = static_cast<float>(3 * (i % n) + 5 * (i / n));
    const float angle = 30.0F * 3.14159265F / 180.0F;
    const std::vector<float> turned = rotated(plane, {n, n, 1}, 30);
    for (std::size_t i = 2; i < 7; ++i)
        for (std::size_t j = 2; j < 7; ++j) {
            const float v = static_cast<float>(i) - 4, u = static_cast<float>(j) - 4;
            const float x = 4 + std::cos(angle) * u - std::sin(angle) * v;
            const float y = 4 + std::sin(angle) * u + std::cos(angle) * v;
            EXPECT_NEAR(turned[i * n + j], 3 * x + 5 * y, 1e-3);
        }
}

TEST(random_rotation, fills_what_comes_from_outside) {
    const std::vector<float> wide{1, 1, 1, 1, 1};
    expect_near(rotated(wide, {1, 5, 1}, 90, 7), {7, 7, 1, 7, 7});
}

// The angle that this stream turns by, read off a plane that rises with the column: around the centre (2, 2) the value is
// 2 + cos u - sin v.
double angle_of(std::uint64_t seed, float degrees) {
    std::vector<float> plane;
    for (int i = 0; i < 25; ++i) plane.push_back(static_cast<float>(i % 5));
    tessera::random_stream random(seed);
    tessera::random_rotation{.degrees = degrees}(plane, {5, 5, 1}, random);
    const double cosine = plane[2 * 5 + 3] - 2, sine = 2 - plane[3 * 5 + 2];
    return std::atan2(sine, cosine) * 180 / std::numbers::pi;
}

TEST(random_rotation, angles_fill_the_range_and_stay_within_it) {
    for (const float degrees : {10.0F, 90.0F}) {
        double least = 0, largest = 0;
        for (std::uint64_t seed = 0; seed < 500; ++seed) {
            least = std::min(least, angle_of(seed, degrees));
            largest = std::max(largest, angle_of(seed, degrees));
        }
        EXPECT_GE(least, -degrees - 1e-3);
        EXPECT_LE(least, -0.98 * degrees);
        EXPECT_GE(largest, 0.98 * degrees);
        EXPECT_LE(largest, degrees + 1e-3);
    }
}

TEST(random_rotation, of_no_degrees_changes_nothing) {
    const std::vector<float> image{1, 2, 3, 4, 5, 6, 7, 8, 9};
    std::vector<float> other = image;
    tessera::random_stream random(1);
    tessera::random_rotation{.degrees = 0}(other, {3, 3, 1}, random);
    expect_near(other, image);
}

}  // namespace
