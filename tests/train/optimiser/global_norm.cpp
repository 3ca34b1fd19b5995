#include <tessera/train/optimiser/global_norm.hpp>

#include <gtest/gtest.h>

#include "trajectory.hpp"

namespace tessera {
namespace {

TEST(global_norm, is_the_euclidean_length_for_every_remainder) {
    for (std::size_t n = 0; n < 40; ++n) {
        std::vector<float> g(n);
        double square = 0;
        for (std::size_t i = 0; i < n; ++i) {
            g[i] = static_cast<float>(i) - 7.5f;
            square += static_cast<double>(g[i]) * static_cast<double>(g[i]);
        }
        EXPECT_NEAR(global_norm(std::span<const float>(g)), std::sqrt(square), 1e-12 * (1 + square)) << n;
    }
}

TEST(global_norm, does_not_overflow_in_single_precision) {
    const std::vector<float> g{3e30f, 4e30f};
    EXPECT_NEAR(global_norm(std::span<const float>(g)) / 5e30, 1, 1e-6);
}

}  // namespace
}  // namespace tessera
