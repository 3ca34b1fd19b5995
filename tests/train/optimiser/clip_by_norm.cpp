#include <tessera/train/optimiser/clip_by_norm.hpp>

#include <gtest/gtest.h>

#include "trajectory.hpp"

namespace tessera {
namespace {

TEST(clip_by_norm, equals_the_reference) {
    const reference_case wanted("optimiser_sgd_clip_norm");
    auto parameter = wanted.numbers("parameter.0");
    int clipped = 0;
    for (int k = 0; k < 10; ++k) {
        auto gradient = wanted.numbers("gradient." + std::to_string(k));
        clipped += clip_by_norm(std::span<double>(gradient), 1) > 1;
        for (std::size_t i = 0; i < parameter.size(); ++i) parameter[i] -= 0.1 * gradient[i];
        expect_near(parameter, wanted.numbers("parameter." + std::to_string(k + 1)));
    }
    EXPECT_GT(clipped, 0);
    EXPECT_LT(clipped, 10);
}

TEST(clip_by_norm, shortens_to_the_norm_and_returns_the_former) {
    std::vector<float> gradient(25, 2);
    EXPECT_EQ(clip_by_norm(std::span<float>(gradient), 5), 10);
    EXPECT_NEAR(global_norm(std::span<const float>(gradient)), 5, 1e-5);
    for (float g : gradient) EXPECT_EQ(g, gradient[0]);
}

TEST(clip_by_norm, leaves_a_short_gradient_alone) {
    std::vector<float> gradient{0.1f, -0.3f}, before = gradient;
    clip_by_norm(std::span<float>(gradient), 1);
    EXPECT_EQ(gradient, before);
}

}  // namespace
}  // namespace tessera
