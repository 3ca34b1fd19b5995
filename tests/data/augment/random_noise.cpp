#include <gtest/gtest.h>

#include <cmath>
#include <tessera/data/augment/random_noise.hpp>
#include <vector>

namespace {

TEST(random_noise, has_mean_0_and_the_given_deviation) {
    constexpr std::size_t count = 50000;
    std::vector<float> image(count, 3.0F);
    tessera::random_stream random(1);
    tessera::random_noise{.deviation = 0.5F}(image, {1, count, 1}, random);
    double sum = 0, squares = 0;
    for (const float value : image) {
        sum += value - 3.0;
        squares += (value - 3.0) * (value - 3.0);
    }
    EXPECT_NEAR(sum / count, 0, 0.01);
    EXPECT_NEAR(std::sqrt(squares / count), 0.5, 0.01);
}

TEST(random_noise, of_deviation_0_changes_nothing) {
    std::vector<float> image{1, 2};
    tessera::random_stream random(1);
    tessera::random_noise{.deviation = 0}(image, {1, 2, 1}, random);
    EXPECT_EQ(image, (std::vector<float>{1, 2}));
}

}  // namespace
